import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { translated } from './sentence';

const JAVA = join(import.meta.dirname, '../../../platform/src/main/java/io/ecluse');

/** Whose errors a page may show, as what stopped a request, a query, a tile or a run. */
const PACKAGES = ['access', 'catalog', 'decode', 'disk', 'duckdb', 'emr', 'engine', 'error', 'flow', 'project', 'query', 'scheduler', 'schema', 'source', 'spark', 'staging', 'storage', 'transform', 'warehouse', 'web'];

/** Classes of those packages that only commands call, or only the start of a process. */
const NEVER_IN_A_PAGE = ['SparkTools', 'ToolHome', 'SubmitCommand', 'CatalogDoor', 'DiscoverWords', 'NewSource', 'ProjectTemplate', 'ProjectWriter', 'ServerUrl', 'WarehouseFolder', 'Proxies', 'WebServer', 'WebSettings', 'YamlEdit'];

/** Faults of the platform are for who mends it: their pages have the French name of the code, and the English detail. */
const FAULT = 'ErrorCode.INTERNAL';

/** The arguments of a call, from its opening bracket on, as they are written. */
function argumentsOf(source: string, opening: number): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = opening + 1;
  for (let i = opening; i < source.length; i++) {
    const sign = source[i] ?? '';
    if (sign === '"') {
      i++;
      while (source[i] !== '"') i += source[i] === '\\' ? 2 : 1;
    } else if ('({['.includes(sign)) depth++;
    else if (')}]'.includes(sign)) {
      depth--;
      if (depth === 0) return [...found, source.slice(from, i)];
    } else if (sign === ',' && depth === 1) {
      found.push(source.slice(from, i));
      from = i + 1;
    }
  }
  return found;
}

/** A message with "X" for each value; null if it is not one text, as when it is handed through or chosen. */
function messageOf(argument: string): string | null {
  const text = argument.trim().replace(/^(?:Optional\.of|withoutSecrets)\(/, '').split('.formatted(')[0] ?? '';
  const withoutTexts = text.replace(/"(?:\\.|[^"\\])*"/g, '');
  if (withoutTexts.length === text.length || /[?:]|->/.test(withoutTexts)) return null;
  const parts = [...text.matchAll(/"((?:\\.|[^"\\])*)"|\w[\w.]*(?:\([^()"]*\))?/g)];
  return parts
    .map(([, literal]) => literal ?? 'X')
    .join('')
    .replaceAll('\\"', '"')
    .replaceAll('\\n', '\n')
    .replaceAll('\\\\', '\\')
    .replace(/%0?\d*[a-zA-Z]/g, 'X');
}

function messages(): { file: string; message: string }[] {
  const found: { file: string; message: string }[] = [];
  for (const file of readdirSync(JAVA, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.java') || !PACKAGES.includes(file.split('/')[0] ?? '') || NEVER_IN_A_PAGE.some((one) => file.endsWith(`/${one}.java`))) continue;
    const source = readFileSync(join(JAVA, file), 'utf8');
    const add = (call: RegExp, from: number, to: number) => {
      for (const match of source.matchAll(call)) {
        const all = argumentsOf(source, match.index + match[0].length - 1);
        if (all[0]?.trim() === FAULT) continue;
        for (const argument of all.slice(from, to)) {
          const message = messageOf(argument);
          if (message !== null) found.push({ file, message });
        }
      }
    };
    add(/new EcluseException\(/g, 1, 2);
    add(/\b(?:ErrorCode\.(?!INTERNAL\b)[A-Z_]+|code(?:\(\))?)\.error\(/g, 0, 1);
    if (file.startsWith('project/') || source.includes('SourceCheck')) add(/\.(?:error|warning|errorInPart)\(/g, 1, 3);
  }
  return found;
}

test('every error that a page may show, and what mends it, is known in French', () => {
  const all = messages();
  expect(all.length).toBeGreaterThan(200);
  // Nothing but values and signs, as 'X: X', is put together of other sentences.
  const words = all.filter(({ message }) => /[a-z]{2}/.test(message));
  expect(words.filter(({ message }) => translated(message, 'fr') === null).map(({ file, message }) => `${file}: ${message}`)).toEqual([]);
});

test('a broken file is told in French, with the sentence of its error', () => {
  expect(translated("The model marts.x cannot be used until its file is mended:\n  models/marts/x.sql:4:8: error: There is no table marts.soond (did you mean marts.sound?)", 'fr')).toBe(
    "Le modèle marts.x est inutilisable tant que son fichier n'est pas corrigé :\n  models/marts/x.sql:4:8 : erreur : Il n'y a pas de table marts.soond (vouliez-vous dire marts.sound ?)",
  );
  expect(translated("There is no column 'campsu' (line 2, column 18 of the query)", 'fr')).toBe("Il n'y a pas de colonne « campsu » (ligne 2, colonne 18 de la requête)");
});
