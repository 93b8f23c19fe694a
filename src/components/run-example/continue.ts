/** “Go on from step N”: finds a kept run of this example, and words the offer. Knows no worker and no training. */
import type { Checkpoint } from '../../contract/checkpoint.ts';
import { zh } from '../../i18n/zh.ts';

/** What of a checkpoint the offer names. */
export type Offered = Pick<
  Checkpoint,
  'version' | 'step' | 'steps' | 'date' | 'params' | 'seed' | 'backend'
>;

/** The module that keeps checkpoints; fetched only where there is or may be something to find. */
const storage = async () => import('../../engine/checkpoints.ts');

/** Whether this browser holds a database of that name, or will not say. */
async function mayHold(name: string): Promise<boolean> {
  try {
    // Firefox before 126 cannot list them.
    if (typeof indexedDB.databases !== 'function') return true;
    return (await indexedDB.databases()).some((database) => database.name === name);
  } catch {
    return false;
  }
}

/** The kept run of an example, if the code that made it is the code of this page. */
export async function findOffer(example: string, version: string): Promise<Offered | undefined> {
  if (!(await mayHold('checkpoints'))) return undefined;
  const run = await (await storage()).findRun(example);
  return run?.version === version ? run : undefined;
}

/** The kept checkpoint itself. */
export async function loadOffer(example: string): Promise<Checkpoint | undefined> {
  return (await storage()).loadCheckpoint(example);
}

/** Drops what is kept of an example. */
export async function forgetOffer(example: string): Promise<void> {
  if (await mayHold('checkpoints')) await (await storage()).forgetCheckpoint(example);
}

/** Shows the offer in its box with its two buttons, or hides the box. */
export function drawOffer(box: HTMLElement, offer: Offered | undefined): void {
  const key = offer === undefined ? '' : `${offer.date} ${offer.step}`;
  if (box.dataset['offer'] === key) return;
  box.dataset['offer'] = key;
  box.hidden = offer === undefined;
  if (offer === undefined) return box.replaceChildren();
  const words = document.createElement('p');
  words.textContent = zh.savedRun(offer.step, offer.steps, new Date(offer.date), offer.backend);
  const ended = offer.step >= offer.steps;
  box.replaceChildren(
    words,
    button('continue', ended ? zh.takeModel : zh.continueFrom(offer.step)),
    button('restart', zh.restart),
  );
}

function button(action: string, words: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.dataset['action'] = action;
  made.textContent = words;
  return made;
}
