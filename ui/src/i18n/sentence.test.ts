// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fr } from './fr';
import { inLanguage, translated } from './sentence';
import { SENTENCES } from './sentences';

test('a sentence of the server is told in French, with its values', () => {
  expect(inLanguage('There is no table marts.studens; the catalog lists those there are', 'fr')).toBe("Il n'y a pas de table marts.studens ; le catalogue montre celles qui existent");
  expect(inLanguage("y is 'student', but the query has no such column; it has a, students (did you mean students?)", 'fr')).toBe("y est « student », mais la requête n'a pas cette colonne ; elle a a, students (vouliez-vous dire students ?)");
  expect(inLanguage('paul may not start run: dag erp_daily; whoever decides on rights in this project can allow it', 'fr')).toBe("paul n'a pas le droit de lancer une exécution : le DAG erp_daily ; qui décide des droits dans ce projet peut l'accorder");
  expect(inLanguage('syntax error at or near "slect"', 'fr')).toBe('erreur de syntaxe à « slect » ou juste avant');
});

test('a sentence within a sentence is told in French too', () => {
  expect(inLanguage('Task x.test failed: unique(id) is broken by 2 rows: id = 1, id = 2', 'fr')).toBe('La tâche x.test a échoué : unique(id) est enfreint par 2 lignes : id = 1, id = 2');
  expect(inLanguage('There is no table marts.student (line 1, column 22 of the query)', 'fr')).toBe("Il n'y a pas de table marts.student (ligne 1, colonne 22 de la requête)");
  expect(inLanguage("The key 'fr' is missing in a text in two languages (it is text that is not blank)", 'fr')).toBe('La clé « fr » manque dans un texte en deux langues (un texte non vide)');
});

test('English stays as it is, and what is not known is known not to be', () => {
  expect(inLanguage('There is no run x', 'en')).toBe('There is no run x');
  expect(translated('Elephants everywhere', 'fr')).toBeNull();
  expect(inLanguage('Elephants everywhere', 'fr')).toBe('Elephants everywhere');
});

test('each French sentence has the values of the server’s, none of its own', () => {
  const values = (text: string) => new Set([...text.matchAll(/\{\d\}/g)].map(([value]) => value));
  for (const [server, french] of SENTENCES) expect([...values(french)].every((value) => values(server).has(value)), server).toBe(true);
});

test('every error code of the platform has a name in French', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../platform/src/main/java/io/ecluse/error/ErrorCode.java'), 'utf8');
  const codes = [...source.matchAll(/^ {2}([A-Z_]+)\(\d{4}, Kind/gm)].map((match) => `code.${match[1]}`);
  expect(codes.length).toBeGreaterThan(25);
  expect(codes.filter((code) => !(code in fr))).toEqual([]);
});

/** How SQL differs between engines: what is refused in what may run on Spark. */
const RULES = readFileSync(join(import.meta.dirname, '../../../platform/src/main/resources/io/ecluse/schema/portability.properties'), 'utf8');

test('every rule of what differs on Spark is known in French', () => {
  const differs = [...RULES.matchAll(/^[\w-]+\.differs = (.*)$/gm)].map((match) => match[1] ?? '');
  expect(differs.length).toBeGreaterThan(50);
  expect(differs.filter((sentence) => translated(sentence, 'fr') === null)).toEqual([]);
});

test('sentences that are translated are sentences of the platform', () => {
  const root = join(import.meta.dirname, '../../../platform/src/main/java/io/ecluse');
  const java = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.java')).map((file) => readFileSync(join(root, file), 'utf8')).join('\n').replace(/"\s*\+?\s*\n\s*\+?\s*"/g, '').replaceAll("''", "'") + RULES;
  const known = SENTENCES.filter(([server]) => {
    // The longest piece between values; DuckDB's own words and those that are put together of pieces are not there.
    const piece = server.split(/\{\d\}/).sort((one, other) => other.length - one.length)[0]?.trim() ?? '';
    return java.includes(piece);
  });
  expect(known.length / SENTENCES.length).toBeGreaterThan(0.8);
});
