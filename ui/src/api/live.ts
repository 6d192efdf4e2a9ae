import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { url } from './client';

export type LiveState = 'off' | 'connecting' | 'live' | 'lost';

const RECONNECT_MS = 5000;

/**
 * Listens to server-sent events of `path` while it is not null. Calls `onOpen` at each connection, so that
 * the caller can fetch what it missed; the browser reconnects by itself. Says how the connection stands.
 *
 * A hidden tab listens to nothing: over HTTP/1.1 a browser has six connections to a server for all its tabs, and
 * a few forgotten tabs would leave none for the one in use.
 */
export function useLive(
  ofPath: string | null,
  handlers: Record<string, (data: unknown) => void>,
  onOpen?: () => void,
): LiveState {
  const [state, setState] = useState<LiveState>('off');
  const [turn, setTurn] = useState(0);
  const names = Object.keys(handlers).join(' ');
  const handle = useEffectEvent((name: string, data: string) => handlers[name]?.(data === '' ? null : JSON.parse(data)));
  const opened = useEffectEvent(() => onOpen?.());

  const visible = useSyncExternalStore(onVisibilityChange, () => document.visibilityState === 'visible');

  useEffect(() => {
    if (ofPath === null || !visible) return undefined;
    const events = new EventSource(url(ofPath));
    events.onopen = () => {
      setState('live');
      opened();
    };
    let again: ReturnType<typeof setTimeout> | undefined;
    events.onerror = () => {
      const lost = events.readyState === EventSource.CLOSED;
      setState(lost ? 'lost' : 'connecting');
      // The browser reconnects by itself only after a broken connection, not after an answer like 503.
      if (lost) again = setTimeout(() => setTurn((before) => before + 1), RECONNECT_MS);
    };
    for (const name of names.split(' ')) {
      events.addEventListener(name, (event) => {
        handle(name, (event as MessageEvent<string>).data);
        if (name === 'end') {
          // Nothing comes after it; without closing, the browser would connect again and again.
          events.close();
          setState('off');
        }
      });
    }
    return () => {
      clearTimeout(again);
      events.close();
      setState('off');
    };
  }, [ofPath, names, visible, turn]);
  return ofPath === null ? 'off' : state;
}

function onVisibilityChange(tell: () => void) {
  document.addEventListener('visibilitychange', tell);
  return () => document.removeEventListener('visibilitychange', tell);
}
