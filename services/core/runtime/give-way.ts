/** Lets everything else that is ready run: for long work that never waits. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
