interface Listening {
  readonly listener: unknown;
  readonly once: boolean;
  readonly until: AbortSignal | undefined;
}

const watched = new WeakMap<AbortSignal, Set<Listening>>();

/** Counts who listens to a signal from now on. Node could tell, but these tests also run where there is no Node. */
export function watchListeners(signal: AbortSignal): AbortSignal {
  if (watched.has(signal)) return signal;
  const listening = new Set<Listening>();
  watched.set(signal, listening);
  const { addEventListener: add, removeEventListener: remove } = signal;
  const forget = (listener: unknown) => {
    for (const one of listening) if (one.listener === listener) listening.delete(one);
  };
  Object.assign(signal, {
    addEventListener(...args: Parameters<typeof add>) {
      const [, listener, options] = args;
      const { once = false, signal: until } = typeof options === 'object' ? options : {};
      forget(listener);
      listening.add({ listener, once, until });
      add.apply(signal, args);
    },
    removeEventListener(...args: Parameters<typeof remove>) {
      forget(args[1]);
      remove.apply(signal, args);
    },
  });
  return signal;
}

/** Listeners that are still there: not removed, and neither called for the only time nor ended by a signal of their own. */
export function listenersOf(signal: AbortSignal): number {
  const listening = [...(watched.get(signal) ?? [])];
  return listening.filter(({ once, until }) => !(once && signal.aborted) && until?.aborted !== true).length;
}
