// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { changeLanguage, i18n, localized } from '.';
import { en } from './en';
import { fr } from './fr';

const source = join(import.meta.dirname, '..');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const code = files.filter((file) => !file.includes('.test.') && !file.startsWith('i18n/')).map((file) => readFileSync(join(source, file), 'utf8'));

test('French and English have the same keys', () => {
  expect(Object.keys(fr).filter((key) => !key.endsWith('_many')).sort()).toEqual(Object.keys(en).sort());
});

test('each text names the same values in both languages', () => {
  const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
  for (const key of Object.keys(en) as (keyof typeof en)[]) expect(values(fr[key]), key).toEqual(values(en[key]));
});

test('every text is used somewhere', () => {
  const all = code.join('\n');
  const stems = [...all.matchAll(/`([\w.]+\.)\$\{/g)].map((match) => match[1] ?? '');
  const unused = Object.keys(en).filter((key) => {
    const stem = key.replace(/_(one|other)$/, '');
    return !all.includes(`'${stem}'`) && !stems.some((start) => stem.startsWith(start));
  });
  expect(unused).toEqual([]);
});

test('no component holds a text of its own', () => {
  const found: string[] = [];
  const spoken = ['title', 'label', 'placeholder', 'aria-label', 'alt'];
  // Names that are the same in every language.
  const names = new Set(['Écluse', 'Français', 'English', 'ecluse sign-in', '✓', '↑', '↓', '·', '–', ',']);
  for (const file of files.filter((one) => one.endsWith('.tsx') && !one.includes('.test.'))) {
    const tree = ts.createSourceFile(file, readFileSync(join(source, file), 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
    const look = (node: ts.Node) => {
      if (ts.isJsxText(node) && /\p{L}/u.test(node.text) && !names.has(node.text.trim())) found.push(`${file}: ${node.text.trim()}`);
      if (ts.isJsxAttribute(node) && spoken.includes(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer) && !['shown', 'hidden', 'none'].includes(node.initializer.text)) {
        found.push(`${file}: ${node.name.getText()}="${node.initializer.text}"`);
      }
      ts.forEachChild(node, look);
    };
    look(tree);
  }
  expect(found).toEqual([]);
});

test('plurals follow the language', () => {
  changeLanguage('fr');
  expect(i18n.t('dag.tasks', { count: 0 })).toBe('0 tâche');
  expect(i18n.t('dag.tasks', { count: 2 })).toBe('2 tâches');
  expect(i18n.t('dag.tasks', { count: 1_000_000 })).toBe('1000000 tâches');
  changeLanguage('en');
  expect(i18n.t('dag.tasks', { count: 0 })).toBe('0 tasks');
});

test('a text of the project falls back to the language it has', () => {
  expect(localized({ fr: 'Étudiants' }, 'en')).toBe('Étudiants');
  expect(localized('Students', 'fr')).toBe('Students');
  expect(localized(null, 'fr')).toBe('');
});
