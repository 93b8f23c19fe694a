/** One training at a time on a page: whoever starts pauses whoever runs. Knows no DOM and no worker. */

export interface Trainee {
  readonly exampleTitle: string;
  /** A run is under way and moving. */
  readonly training: boolean;
  /** Pause because another one starts. */
  yieldTo(title: string): void;
}

const trainees = new Set<Trainee>();

export function enter(trainee: Trainee): void {
  trainees.add(trainee);
}

export function leave(trainee: Trainee): void {
  trainees.delete(trainee);
}

/** Pauses every other trainee that is training. @returns their titles. */
export function claim(trainee: Trainee): readonly string[] {
  const others = [...trainees].filter((other) => other !== trainee && other.training);
  for (const other of others) other.yieldTo(trainee.exampleTitle);
  return others.map((other) => other.exampleTitle);
}
