/** Whether the reader's connection asks to fetch nothing before it is wanted. */

interface Connection {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
}

/** Data saving is on, or the line is as slow as 2G; false where the browser does not tell. */
export function sparing(): boolean {
  const { connection } = navigator as { connection?: Connection };
  return connection?.saveData === true || /2g$/u.test(connection?.effectiveType ?? '');
}
