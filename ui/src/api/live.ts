import { useEffect, useEffectEvent, useState } from 'react';
import { url } from './client';

export type LiveState = 'off' | 'connecting' | 'live' | 'lost';

/**
 * Listens to server-sent events of `path` while it is not null. Calls `onOpen` at each connection, so that
 * the caller can fetch what it missed; the browser reconnects by itself. Says how the connection stands.
 */
export function useLive(
  ofPath: string | null,
  handlers: Record<string, (data: unknown) => void>,
  onOpen?: () => void,
): LiveState {
  const [state, setState] = useState<LiveState>('off');
  const names = Object.keys(handlers).join(' ');
  const handle = useEffectEvent((name: string, data: string) => handlers[name]?.(data === '' ? null : JSON.parse(data)));
  const opened = useEffectEvent(() => onOpen?.());

  useEffect(() => {
    if (ofPath === null) return undefined;
    const events = new EventSource(url(ofPath));
    events.onopen = () => {
      setState('live');
      opened();
    };
    events.onerror = () => setState(events.readyState === EventSource.CLOSED ? 'lost' : 'connecting');
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
      events.close();
      setState('off');
    };
  }, [ofPath, names]);
  return ofPath === null ? 'off' : state;
}
