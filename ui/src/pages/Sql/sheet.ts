import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { draftAt, forget, lastText, ran, showing, tidy, Writing } from './drafts';

/** The text in the editor. `version` changes when another text takes its place, not when somebody types. */
export interface Sheet {
  text: string;
  version: number;
}

/**
 * The text belongs to whoever types it: it changes only when they type, or go to another place (an entry of the
 * browser's history). A run is no other place to the text: what has been typed meanwhile stays.
 *
 * @param saved the text of the query in the address; undefined until it is known
 */
export function useSheet(query: string | null, linked: string | null, saved: string | undefined) {
  const { key, search } = useLocation();
  const place = `${key} ${search}`;
  const writing = useRef<Writing | null>(null);
  writing.current ??= new Writing();
  const [sheet, setSheet] = useState<Sheet>({ text: '', version: 0 });
  /** The place whose text is in the editor. */
  const entered = useRef<string | null>(null);
  /** The query that this page has just submitted: its place is entered with the text that is there. */
  const own = useRef<{ id: string; sql: string } | null>(null);
  const text = useRef('');

  useEffect(() => {
    if (entered.current === place) return;
    const mine = own.current !== null && own.current.id === query ? own.current : null;
    own.current = null;
    const arriving = mine ? text.current : (draftAt(place) ?? (query === null ? (linked ?? lastText()) : saved));
    // A query whose text is not there yet: what is in the editor stays until it is.
    if (arriving === undefined) return;
    entered.current = place;
    tidy();
    if (mine) {
      if (mine.sql !== arriving) writing.current?.keep(place, arriving);
      return;
    }
    writing.current?.begin();
    show(arriving);
  }, [place, query, linked, saved]);

  const show = (next: string) => {
    text.current = next;
    showing(next);
    setSheet((before) => ({ text: next, version: before.version + 1 }));
  };

  const edit = useCallback((next: string) => {
    // Whoever types before the text of the place has come has decided what is there.
    entered.current = place;
    text.current = next;
    writing.current?.keep(place, next);
    setSheet((before) => ({ ...before, text: next }));
  }, [place]);

  /** The server has taken the text as this query; the address will name it. */
  const submitted = useCallback((id: string, sql: string) => {
    own.current = { id, sql };
    ran(sql);
    showing(text.current);
    // Going back there shows its own query again; a place without one keeps what was typed.
    if (query !== null) forget(place);
  }, [query, place]);

  return { sheet, edit, submitted };
}
