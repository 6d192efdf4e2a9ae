/**
 * What people have typed and may want back. Two keepers: this tab remembers the text of each place (an entry of its
 * history), so that a reload and the back button find it; the browser remembers the texts that were never run, so that
 * they outlive their tab, and no tab writes over the text of another.
 */
export interface Draft {
  text: string;
  /** When it was last changed, in milliseconds. */
  at: number;
}

const OF_PLACE = 'ecluse.sql.place.';
const LAST = 'ecluse.sql.last';
const KEPT = 'ecluse.sql.kept.';
const MOST_PLACES = 60;
const MOST_KEPT = 40;

/** One text from its beginning until another takes its place: `keep` may be called for each letter. */
export class Writing {
  private id = crypto.randomUUID();
  private longest = 0;

  keep(place: string, text: string) {
    // Whoever has deleted most of a text and writes another has begun a new one; the old one stays to be found.
    if (this.longest > 20 && text.length < this.longest / 2) this.begin();
    this.longest = Math.max(this.longest, text.length);
    const draft = JSON.stringify({ text, at: Date.now() } satisfies Draft);
    write(sessionStorage, OF_PLACE + place, draft);
    write(sessionStorage, LAST, draft);
    if (text.trim() !== '') write(localStorage, KEPT + this.id, draft);
  }

  begin() {
    this.id = crypto.randomUUID();
    this.longest = 0;
  }
}

/** What was typed at a place of this tab and not run. */
export function draftAt(place: string): string | null {
  return read(sessionStorage, OF_PLACE + place)?.text ?? null;
}

/** A place whose text has been run needs no draft: its query is in the history. */
export function forget(place: string) {
  sessionStorage.removeItem(OF_PLACE + place);
}

/** The server has it now. */
export function ran(text: string) {
  for (const [key, draft] of all(localStorage, KEPT)) if (draft.text.trim() === text.trim()) localStorage.removeItem(key);
}

/** Remembers what this tab shows, for when it comes back to the page by another way. */
export function showing(text: string) {
  write(sessionStorage, LAST, JSON.stringify({ text, at: Date.now() } satisfies Draft));
}

/** What this tab had last; in a new tab, what was typed last and never run. */
export function lastText(): string {
  return read(sessionStorage, LAST)?.text ?? unrun()[0]?.text ?? '';
}

/** Texts that were never run, the newest first, each once. */
export function unrun(): Draft[] {
  const drafts = all(localStorage, KEPT).map(([, draft]) => draft).sort((one, other) => other.at - one.at);
  return drafts.filter((draft, i) => drafts.findIndex((one) => one.text.trim() === draft.text.trim()) === i);
}

/** Keeps the storage within bounds, oldest first; called when a place is entered, not for each letter. */
export function tidy() {
  drop(sessionStorage, OF_PLACE, MOST_PLACES);
  drop(localStorage, KEPT, MOST_KEPT);
}

function drop(storage: Storage, prefix: string, most: number) {
  const drafts = all(storage, prefix).sort(([, one], [, other]) => other.at - one.at);
  for (const [key] of drafts.slice(most)) storage.removeItem(key);
}

function all(storage: Storage, prefix: string): [string, Draft][] {
  return Object.keys(storage).filter((key) => key.startsWith(prefix)).flatMap((key) => {
    const draft = read(storage, key);
    return draft === null ? [] : [[key, draft] as [string, Draft]];
  });
}

function read(storage: Storage, key: string): Draft | null {
  try {
    const draft = JSON.parse(storage.getItem(key) ?? 'null') as Partial<Draft> | null;
    return typeof draft?.text === 'string' && typeof draft.at === 'number' ? { text: draft.text, at: draft.at } : null;
  } catch {
    return null;
  }
}

/** A full storage makes room by forgetting what is oldest; the text itself stays in the editor in any case. */
function write(storage: Storage, key: string, value: string) {
  for (let most = 20; most >= 0; most -= 10) {
    try {
      storage.setItem(key, value);
      return;
    } catch {
      drop(storage, KEPT, most);
      drop(storage, OF_PLACE, most);
    }
  }
}
