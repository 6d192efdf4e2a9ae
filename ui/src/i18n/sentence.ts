import type { Language } from '.';
import { SENTENCES } from './sentences';

interface Pattern {
  server: RegExp;
  french: string;
}

const DEEPEST = 4;
let patterns: Pattern[] | null = null;

/** A sentence of the server in the reader's language; null if it is not known in it. */
export function translated(sentence: string, lang: Language): string | null {
  return lang === 'en' ? sentence : french(sentence.trim(), 0);
}

/** The sentence in the reader's language, or as it is. */
export function inLanguage(sentence: string, lang: Language): string {
  return translated(sentence, lang) ?? sentence;
}

function french(sentence: string, depth: number): string | null {
  if (depth > DEEPEST) return null;
  patterns ??= SENTENCES.map(([server, text]) => ({ server: patternOf(server), french: text }));
  for (const pattern of patterns) {
    const match = pattern.server.exec(sentence);
    // A value may be a sentence itself: of what a task failed, what a key should be.
    if (match) return pattern.french.replace(/\{(\d)\}/g, (_, i: string) => french(match[Number(i) + 1] ?? '', depth + 1) ?? match[Number(i) + 1] ?? '');
  }
  return null;
}

function patternOf(sentence: string): RegExp {
  const parts = sentence.split(/\{\d\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('([^]*?)')}\\.?$`);
}
