import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { Completions } from '../../api/types';
import { namesIn, tokensOf, type Source } from './scope';

const ORDER = { column: 4, alias: 3, table: 2, schema: 1, function: 0, keyword: -1, type: -2 } as const;
type Kind = keyof typeof ORDER;

interface Offer {
  label: string;
  kind: Kind;
  detail?: string;
  apply?: string;
}

/** What a query can use where the cursor stands: columns of its tables first, then names, functions, keywords. */
export function complete(context: CompletionContext, known: Completions): CompletionResult | null {
  const word = context.matchBefore(/"?[\w$]*/);
  const from = word?.from ?? context.pos;
  const text = context.state.doc.toString();
  const before = text.slice(0, from);
  if (insideTextOrComment(before)) return null;
  const dotted = /([\w$]+|"[^"]*")\.$/.exec(before);
  if (!dotted && word?.text === '' && !context.explicit) return null;
  const offers = dotted ? afterDot(unquoted(dotted[1] ?? ''), text, from, known) : open(text, from, known);
  if (offers.length === 0) return null;
  return { from, options: offers.map(optionOf), validFor: /^"?[\w$]*$/ };
}

function optionOf(offer: Offer): Completion {
  const icon = offer.kind === 'column' ? 'property' : offer.kind === 'alias' || offer.kind === 'table' ? 'class' : offer.kind === 'schema' ? 'namespace' : offer.kind;
  return { label: offer.label, type: icon, detail: offer.detail, apply: offer.apply ?? quoted(offer), boost: ORDER[offer.kind] * 10 };
}

/** `students.`, `s.`: columns of that source; `marts.`: its tables. */
function afterDot(name: string, text: string, at: number, known: Completions): Offer[] {
  const sources = namesIn(text, at, known).filter((source) => same(source.alias ?? source.name, name) || same(source.name.split('.').pop() ?? '', name));
  if (sources.length > 0) return sources.flatMap(columnsOf);
  const tables = known.tables.filter((table) => same(table.name.split('.')[0] ?? '', name));
  return tables.map((table) => ({ label: table.name.split('.')[1] ?? table.name, kind: 'table' }));
}

function open(text: string, at: number, known: Completions): Offer[] {
  const clause = clauseAt(text, at);
  const tables: Offer[] = known.tables.map((table) => ({ label: table.name.split('.')[1] ?? table.name, kind: 'table', detail: table.name, apply: dottedName(table.name) }));
  const schemas: Offer[] = [...new Set(known.tables.map((table) => table.name.split('.')[0] ?? ''))].map((label) => ({ label, kind: 'schema' }));
  const sources = namesIn(text, at, known);
  const ctes = sources.filter((source) => source.kind === 'cte').map((source): Offer => ({ label: source.name, kind: 'alias' }));
  const functions: Offer[] = (known.functions ?? []).filter((one) => (clause === 'from') === (one.kind === 'table')).map((one) => ({ label: one.name, kind: 'function', detail: `(${one.parameters})`, apply: `${one.name}(` }));
  const keywords: Offer[] = (known.keywords ?? []).map((label) => ({ label, kind: 'keyword' }));
  if (clause === 'from') return [...ctes, ...tables, ...schemas, ...functions, ...keywords];
  const types: Offer[] = (known.types ?? []).map((label) => ({ label, kind: 'type' }));
  const here = sources.filter((source) => source.kind !== 'cte');
  // Before there is a FROM, any column may be meant: the table is told with it.
  const columns = here.length > 0 ? here.flatMap(columnsOf) : known.tables.flatMap((table) => table.columns.map((label): Offer => ({ label, kind: 'column', detail: table.name })));
  const aliases = here.map((source): Offer => ({ label: source.alias ?? source.name.split('.').pop() ?? '', kind: 'alias', detail: source.alias ? source.name : undefined }));
  return unique([...columns, ...aliases, ...schemas, ...functions, ...keywords, ...types]);
}

function columnsOf(source: Source): Offer[] {
  return source.columns.map((label) => ({ label, kind: 'column', detail: source.alias ?? source.name }));
}

/** A column of several tables is told once, with all of them. */
function unique(offers: Offer[]): Offer[] {
  const known = new Map<string, Offer>();
  for (const offer of offers) {
    const key = `${offer.kind} ${offer.label}`;
    const before = known.get(key);
    known.set(key, before ? { ...before, detail: [before.detail, offer.detail].filter(Boolean).join(', ') } : offer);
  }
  return [...known.values()].map((offer) => ({ ...offer, detail: offer.detail && offer.detail.length > 60 ? `${offer.detail.slice(0, 57)}…` : offer.detail }));
}

/** Whether a table is wanted here: after FROM, JOIN and the commas between tables. */
function clauseAt(text: string, at: number): 'from' | 'other' {
  const words = tokensOf(text.slice(0, at));
  for (let i = words.length - 1, commas = 0; i >= 0; i -= 1) {
    const word = (words[i] ?? '').toLowerCase();
    if (word === ',') { commas += 1; continue; }
    if (word === 'from' || word === 'join') return i === words.length - 1 || words[words.length - 1] === ',' ? 'from' : 'other';
    if (/^(select|where|on|by|having|qualify|and|or|when|then|else|using|limit|\()$/.test(word)) return 'other';
    if (commas > 50) return 'other';
  }
  return 'other';
}

function insideTextOrComment(before: string): boolean {
  const rest = before.replace(/--[^\n]*\n|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ' ');
  return /--[^\n]*$|\/\*|'/.test(rest);
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const unquoted = (name: string) => name.replace(/^"|"$/g, '');
const dottedName = (name: string) => name.split('.').map((part) => quotedName(part)).join('.');
const quotedName = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
const quoted = (offer: Offer) => (['column', 'table', 'schema', 'alias'].includes(offer.kind) ? quotedName(offer.label) : offer.label);
