/** “Your data files”: takes, checks and keeps a dataset that the reader brings. Knows no worker and no training. */
import { CIFAR10_FILES, CIFAR10_FOLDER } from '../../datasets/cifar10.ts';
import { findFiles, forgetFiles, keepFiles } from '../../engine/reader-files.ts';
import { zh } from '../../i18n/zh.ts';
import { announcement, element, quietButton } from './probe-parts.ts';

/** Builds the form in `place` and shows what is kept. */
export function mountBrought(place: HTMLElement): void {
  const words = zh.brought;
  const label = element('label', 'label', words.pick);
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  label.append(input);
  const progress = document.createElement('progress');
  progress.max = 1;
  progress.setAttribute('aria-label', words.title);
  const cancel = quietButton(words.cancel);
  const working = element('p', 'table-tools');
  working.append(progress, cancel);
  working.hidden = true;
  const told = announcement('told');
  told.dataset['part'] = 'brought-told';
  const kept = element('p', 'kept');
  kept.dataset['part'] = 'brought-kept';
  const forget = quietButton(words.forget);
  const drop = element('div', 'drop');
  drop.append(label);
  place.replaceChildren(drop, working, told, kept, forget);

  let taking: AbortController | undefined;

  async function showKept(): Promise<void> {
    const files = await findFiles(CIFAR10_FOLDER);
    const names = files.map(({ path }) => path.slice(CIFAR10_FOLDER.length + 1));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const missing = CIFAR10_FILES.filter((name) => !names.includes(name));
    kept.textContent =
      names.length === 0
        ? words.none
        : words.kept(names, bytes) + (missing.length === 0 ? '' : words.missing(missing));
    forget.hidden = names.length === 0;
  }

  async function take(picked: readonly File[]): Promise<void> {
    taking?.abort();
    const current = (taking = new AbortController());
    const { signal } = current;
    working.hidden = false;
    progress.value = 0;
    told.textContent = words.working(0);
    try {
      const sentence = await check(picked, signal, (share) => {
        if (signal.aborted) return;
        progress.value = share;
        const percent = Math.floor(share * 10) * 10; // spoken: not more often than every tenth
        if (told.textContent !== words.working(percent)) told.textContent = words.working(percent);
      });
      if (taking === current) told.textContent = sentence;
    } catch (error) {
      if (taking !== current) return;
      told.textContent = signal.aborted
        ? words.cancelled
        : words.refused(error instanceof Error ? error.message : String(error));
    } finally {
      if (taking === current) working.hidden = true;
    }
    await showKept();
  }

  input.addEventListener('change', () => {
    const picked = [...(input.files ?? [])];
    if (picked.length > 0) void take(picked);
    input.value = ''; // so that the same file can be picked again
  });
  drop.addEventListener('dragover', (event) => event.preventDefault());
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    const picked = [...(event.dataTransfer?.files ?? [])];
    if (picked.length > 0) void take(picked);
  });
  cancel.addEventListener('click', () => {
    taking?.abort();
    input.focus();
  });
  forget.addEventListener('click', () => {
    void (async () => {
      const done = await forgetFiles(CIFAR10_FOLDER);
      await showKept();
      told.textContent = done ? words.forgotten : words.notForgotten;
      input.focus();
    })();
  });
  void showKept();
}

/** Checks and keeps what was picked. @returns the sentence to tell. @throws WrongFileError, or when it is called off. */
async function check(
  picked: readonly File[],
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<string> {
  const words = zh.brought;
  const { takeCifar10 } = await import('../../datasets/cifar10-files.ts');
  const { files, official } = await takeCifar10(picked, {
    signal,
    progress: (read, of) => progress(read / of),
  });
  signal.throwIfAborted();
  const paths = new Map([...files].map(([name, blob]) => [`${CIFAR10_FOLDER}/${name}`, blob]));
  const refusal = await keepFiles(paths);
  if (refusal !== undefined) return words.notKept[refusal];
  if (official === undefined) return words.taken;
  return words.taken + (official ? words.official : words.unofficial);
}
