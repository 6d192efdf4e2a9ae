import type { Completions } from '../../api/types';

/** Something in FROM, or named in WITH, and its columns as far as they are known. */
export interface Source {
  kind: 'table' | 'cte' | 'subquery';
  name: string;
  alias?: string;
  columns: string[];
}

/** Words, names and single signs of a text; texts and comments are left out. */
export function tokensOf(text: string): string[] {
  return [...text.matchAll(/--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w$]+|\S/g)]
    .map(([token]) => token)
    .filter((token) => !token.startsWith('--') && !token.startsWith('/*') && !token.startsWith("'"));
}

const ENDS = /^(where|group|order|having|limit|qualify|window|union|intersect|except|on|using|join|left|right|full|inner|cross|natural|asof|semi|anti|positional|sample|offset|select|from|as|tablesample|pivot|unpivot)$/i;

/** What the query around the cursor reads: the SELECT it stands in, then those around it. */
export function namesIn(text: string, at: number, known: Completions): Source[] {
  const marked = `${text.slice(0, at)} \uE000 ${text.slice(at)}`;
  const statement = marked.split(';').find((part) => part.includes('\uE000')) ?? '';
  const tokens = tokensOf(statement);
  const cursor = tokens.indexOf('\uE000');
  const ctes = ctesOf(tokens, known);
  const found: Source[] = [];
  for (const [from, to] of levels(tokens, cursor)) found.push(...sourcesOf(tokens.slice(from, to), known, ctes));
  return [...found, ...ctes];
}

/** The parentheses around the cursor, the inner first; at last the whole. */
function levels(tokens: string[], cursor: number): [number, number][] {
  const found: [number, number][] = [];
  let depth = 0;
  for (let i = cursor - 1; i >= 0; i -= 1) {
    if (tokens[i] === ')') depth += 1;
    if (tokens[i] === '(') {
      if (depth === 0) found.push([i + 1, closing(tokens, i)]);
      else depth -= 1;
    }
  }
  return [...found, [0, tokens.length]];
}

function closing(tokens: string[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i += 1) {
    if (tokens[i] === '(') depth += 1;
    if (tokens[i] === ')') depth -= 1;
    if (depth === 0) return i;
  }
  return tokens.length;
}

function ctesOf(tokens: string[], known: Completions): Source[] {
  const ctes: Source[] = [];
  for (let i = 0; i < tokens.length - 2; i += 1) {
    if (!/^(with|recursive|,)$/i.test(tokens[i] ?? '') || tokens[i + 2]?.toLowerCase() !== 'as' || tokens[i + 3] !== '(') continue;
    const body = tokens.slice(i + 4, closing(tokens, i + 3));
    if (body[0]?.toLowerCase() !== 'select' && body[0]?.toLowerCase() !== 'with') continue;
    ctes.push({ kind: 'cte', name: unquoted(tokens[i + 1] ?? ''), columns: selected(body, known, ctes) });
  }
  return ctes;
}

/** What stands in the FROM of these tokens, not of the parentheses within. */
function sourcesOf(tokens: string[], known: Completions, ctes: Source[]): Source[] {
  const found: Source[] = [];
  let within = false;
  for (let i = 0; i < tokens.length; i += 1) {
    const word = (tokens[i] ?? '').toLowerCase();
    if (word === 'from' || word === 'join' || (word === ',' && within)) {
      within = true;
      const [source, next] = sourceAt(tokens, i + 1, known, ctes);
      if (source) found.push(source);
      i = next - 1;
    } else if (word === '(') {
      i = closing(tokens, i);
    } else if (/^(where|group|order|having|limit|qualify|window|union|intersect|except|select)$/.test(word)) {
      within = false;
    }
  }
  return found;
}

function sourceAt(tokens: string[], at: number, known: Completions, ctes: Source[]): [Source | null, number] {
  let next = at;
  while (/^(lateral|\uE000)$/i.test(tokens[next] ?? '')) next += 1;
  let source: Source;
  if (tokens[next] === '(') {
    const end = closing(tokens, next);
    source = { kind: 'subquery', name: '', columns: selected(tokens.slice(next + 1, end), known, ctes) };
    next = end + 1;
  } else if (/^["\w]/.test(tokens[next] ?? '') && !ENDS.test(tokens[next] ?? '')) {
    let name = unquoted(tokens[next] ?? '');
    next += 1;
    while (tokens[next] === '.') {
      name += `.${unquoted(tokens[next + 1] ?? '')}`;
      next += 2;
    }
    const cte = ctes.find((one) => same(one.name, name));
    const table = known.tables.find((one) => same(one.name, name)) ?? (name.includes('.') ? undefined : known.tables.find((one) => same(one.name.split('.')[1] ?? '', name)));
    source = { kind: 'table', name, columns: cte?.columns ?? table?.columns ?? [] };
  } else {
    return [null, Math.max(next, at)];
  }
  if (tokens[next]?.toLowerCase() === 'as') next += 1;
  const alias = tokens[next] ?? '';
  if (/^["\w]/.test(alias) && !ENDS.test(alias)) {
    source = { ...source, alias: unquoted(alias) };
    next += 1;
  }
  return [source, next];
}

/** The columns that a SELECT gives, as far as they have names. */
function selected(tokens: string[], known: Completions, ctes: Source[]): string[] {
  const start = tokens.findIndex((token) => token.toLowerCase() === 'select');
  if (start < 0) return [];
  const columns: string[] = [];
  let item: string[] = [];
  const end = () => {
    const last = item.at(-1) ?? '';
    if (last === '*') columns.push(...sourcesOf(tokens, known, ctes).flatMap((source) => source.columns));
    else if (/^["\w]/.test(last) && !/^\d/.test(last) && last.toLowerCase() !== 'end') columns.push(unquoted(last));
    item = [];
  };
  for (let i = start + 1; i < tokens.length; i += 1) {
    const token = tokens[i] ?? '';
    if (token.toLowerCase() === 'from') break;
    if (token === ',') end();
    else if (token === '(') { i = closing(tokens, i); item.push(')'); }
    else item.push(token);
  }
  end();
  return [...new Set(columns)];
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const unquoted = (name: string) => name.replace(/^"|"$/g, '').replaceAll('""', '"');
