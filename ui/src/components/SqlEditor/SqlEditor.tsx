import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, Prec, Transaction } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { Completions, ErrorBody } from '../../api/types';
import { language as languageNow, useText } from '../../i18n';
import { inLanguage } from '../../i18n/sentence';
import { complete } from './complete';
import { dialectOf } from './dialect';
import { positionOf } from './position';
import styles from './SqlEditor.module.css';
import { theme } from './theme';

interface SqlEditorProps {
  /** What is in it. The editor takes it over when the version changes, and at no other time. */
  sheet: { text: string; version: number };
  onChange: (text: string) => void;
  onRun: () => void;
  completions: Completions | undefined;
  error: ErrorBody | null;
}

const Arriving = Annotation.define<boolean>();

/** Tab leaves it, as it leaves any field: who works by keyboard is not caught. */
export function SqlEditor({ sheet, onChange, onRun, completions, error }: SqlEditorProps) {
  const t = useText();
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const language = useRef(new Compartment());
  const changed = useEffectEvent(onChange);
  const run = useEffectEvent(onRun);
  const words = useRef(completions);
  const texts = useRef({ label: t('sql.editor'), placeholder: t('sql.empty'), text: sheet.text });

  useEffect(() => {
    const editor = new EditorView({
      parent: parent.current ?? undefined,
      state: EditorState.create({
        doc: texts.current.text,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => { run(); return true; } }])),
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          // As many as are seen at once: a list that scrolls by mouse only would leave the keyboard out.
          autocompletion({ maxRenderedOptions: 10, override: [(context) => (words.current ? complete(context, words.current) : null)] }),
          highlightActiveLine(),
          EditorView.lineWrapping,
          placeholder(texts.current.placeholder),
          syntaxHighlighting(classHighlighter),
          language.current.of(sql({})),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': texts.current.label }),
          EditorView.updateListener.of((update) => { 
            // What arrives from outside is nobody's typing.
            const typed = update.transactions.some((one) => one.docChanged && !one.annotation(Arriving));
            if (typed) changed(update.state.doc.toString());
          }),
          theme,
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  const arriving = useEffectEvent(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === sheet.text) return;
    const { length } = editor.state.doc;
    // It can be undone: the text that was there comes back. Where none was, there is nothing to go back to.
    editor.dispatch({ changes: { from: 0, to: length, insert: sheet.text }, annotations: [Arriving.of(true), Transaction.addToHistory.of(length > 0)] });
  });
  useEffect(() => arriving(), [sheet.version]);

  useEffect(() => {
    words.current = completions;
    if (!completions) return;
    view.current?.dispatch({ effects: language.current.reconfigure(sql({ dialect: dialectOf(completions) })) });
  }, [completions]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const at = error && positionOf(editor.state.doc.toString(), error);
    editor.dispatch(setDiagnostics(editor.state, at ? [{ ...at, severity: 'error', message: inLanguage(error.message, languageNow()) }] : []));
    if (at) editor.dispatch({ selection: { anchor: at.from }, scrollIntoView: true });
  }, [error]);

  return <div ref={parent} className={styles.editor} />;
}
