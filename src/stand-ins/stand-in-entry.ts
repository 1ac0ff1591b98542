/** A stand-in that is up, as its process entry sees it. */
export interface RunningStandIn {
  /** What whoever started the process must know: the port and other addresses, never a secret. */
  readonly ready: Readonly<Record<string, string | number>>;
  stop(): Promise<unknown>;
  /** Settles when the stand-in ended by itself, with its last words. */
  readonly failed?: Promise<string>;
}

/**
 * Runs a stand-in as a process: prints one JSON line once it is ready, stops it on SIGTERM and
 * SIGINT, and, when asked, on the end of its input, so that it never outlives a killed parent.
 */
export async function runStandIn(
  name: string,
  stopWithStdin: boolean,
  start: () => Promise<RunningStandIn>,
): Promise<void> {
  const fail = (what: string): never => {
    process.stderr.write(`${name}: ${what}\n`);
    process.exit(1);
  };
  const stopAsked = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
    if (stopWithStdin) process.stdin.resume().once('end', () => resolve());
  });
  const running = await start().catch((error: unknown) => fail(reasonOf(error)));
  process.stdout.write(`${JSON.stringify({ ready: true, ...running.ready })}\n`);
  let stopping = false;
  void running.failed?.then((why) => {
    if (!stopping) fail(`ended by itself\n${why}`);
  });
  await stopAsked;
  stopping = true;
  await running.stop().catch((error: unknown) => fail(reasonOf(error)));
  process.exit(0);
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
