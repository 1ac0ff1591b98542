const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Waits for a request to stop: Ctrl-C, a SIGTERM, or the terminal's end. Later requests are ignored: it is stopping. */
export function untilAsked(): { readonly stop: Promise<'asked'>; forget(): void } {
  let ask: (word: 'asked') => void = () => undefined;
  const stop = new Promise<'asked'>((resolve) => {
    ask = resolve;
  });
  const listener = (): void => ask('asked');
  SIGNALS.forEach((name) => process.on(name, listener));
  return {
    stop,
    forget: () => SIGNALS.forEach((name) => process.off(name, listener)),
  };
}
