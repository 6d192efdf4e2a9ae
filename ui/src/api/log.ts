import { useEffect, useReducer } from 'react';
import { get, path } from './client';
import { useLive, type LiveState } from './live';
import type { LogLine, LogPage } from './types';

export interface LogView {
  lines: LogLine[];
  /** The number after which the server is asked for more. */
  next: number;
  phase: 'fetching' | 'following' | 'complete';
  failure: unknown;
}

export type LogEvent =
  | { type: 'reset' }
  | { type: 'page'; page: LogPage }
  | { type: 'line'; line: LogLine }
  | { type: 'end' }
  | { type: 'failed'; failure: unknown };

export const emptyLog: LogView = { lines: [], next: 0, phase: 'fetching', failure: null };

/** Lines come by pages and by events; both may bring the same ones, so numbers decide. */
export function logReducer(log: LogView, event: LogEvent): LogView {
  switch (event.type) {
    case 'reset':
      return emptyLog;
    case 'page': {
      const fresh = event.page.lines.filter((line) => line.n > lastNumber(log));
      const caughtUp = event.page.lines.length === 0 || event.page.next <= log.next;
      const phase = !caughtUp ? 'fetching' : event.page.complete ? 'complete' : 'following';
      return { ...log, lines: log.lines.concat(fresh), next: Math.max(log.next, event.page.next), phase, failure: null };
    }
    case 'line':
      if (event.line.n <= lastNumber(log)) return log;
      return { ...log, lines: log.lines.concat(event.line), next: event.line.n };
    case 'end':
      return { ...log, phase: 'complete' };
    case 'failed':
      return { ...log, phase: 'complete', failure: event.failure };
  }
}

function lastNumber(log: LogView): number {
  return log.lines.at(-1)?.n ?? 0;
}

/** The log of one attempt: what is written already page by page, then live by events. */
export function useLog(run: string, task: string, attempt: number | null): LogView & { live: LiveState } {
  const [log, tell] = useReducer(logReducer, emptyLog);
  const base = attempt === null ? null : path`/runs/${run}/tasks/${task}/attempts/${attempt}/log`;

  useEffect(() => tell({ type: 'reset' }), [base]);

  const wanted = base !== null && log.phase === 'fetching' ? `${base}?after=${log.next}` : null;
  useEffect(() => {
    if (wanted === null) return undefined;
    const abort = new AbortController();
    get<LogPage>(wanted, abort.signal)
      .then((page) => tell({ type: 'page', page }))
      .catch((failure: unknown) => {
        if (!abort.signal.aborted) tell({ type: 'failed', failure });
      });
    return () => abort.abort();
  }, [wanted]);

  // Lines that were written between the last page and the connection, or while it was broken, come by one more page.
  const catchUp = () => {
    if (base !== null) get<LogPage>(`${base}?after=${log.next}`).then((page) => tell({ type: 'page', page })).catch(() => undefined);
  };
  const events = {
    line: (line: unknown) => tell({ type: 'line', line: line as LogLine }),
    end: () => tell({ type: 'end' }),
  };
  const live = useLive(base !== null && log.phase === 'following' ? `${base}/events` : null, events, catchUp);
  return { ...log, live };
}
