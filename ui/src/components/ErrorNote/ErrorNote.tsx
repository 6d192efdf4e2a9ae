import { Button } from '@mantine/core';
import { ApiError, UnreachableError } from '../../api/client';
import type { ErrorBody } from '../../api/types';
import { i18n, language, useText, type TextKey, type Translate } from '../../i18n';
import { inLanguage, translated } from '../../i18n/sentence';
import styles from './ErrorNote.module.css';

export interface Explained {
  message: string;
  hint: string;
  code: string | null;
  /** What the server said, if it is in another language. */
  original?: string;
}

/** What went wrong and what to do, of whatever was thrown. */
export function explain(failure: unknown, t: Translate): Explained {
  if (failure instanceof ApiError) return explainBody(failure.body, t, failure.status);
  if (failure instanceof UnreachableError) {
    return { message: t('error.unreachable'), hint: t('error.unreachable.hint'), code: null };
  }
  const message = failure instanceof Error ? failure.message : String(failure);
  return { message: t('error.unexpected', { message }), hint: t('error.unexpected.hint'), code: null };
}

export function explainBody(body: ErrorBody, t: Translate, status?: number): Explained {
  const fallback =
    status === 404 ? t('error.404.hint')
    : status === 403 ? t('error.403.hint')
    : status !== undefined && status >= 500 ? t('error.500.hint')
    : t('error.other.hint');
  const message = translated(body.message, language());
  // A sentence that is not known in the reader's language stands below the name of its error.
  const name = `code.${body.code}` as TextKey;
  const named = i18n.exists(name) ? t(name) : t('error.unnamed');
  return { message: message ?? named, original: message === null ? body.message : undefined, hint: body.hint ? inLanguage(body.hint, language()) : fallback, code: `${body.code} ${body.number}` };
}

export function ErrorNote({ failure, onRetry, title }: { failure: unknown; onRetry?: () => void; title?: string }) {
  const t = useText();
  return <Note explained={explain(failure, t)} onRetry={onRetry} title={title} />;
}

export function ErrorBodyNote({ body, title }: { body: ErrorBody; title?: string }) {
  const t = useText();
  return <Note explained={explainBody(body, t)} title={title} />;
}

/** What this page itself has found wrong. */
export function Problem({ title, message, hint }: { title: string; message: string; hint: string }) {
  return <Note explained={{ message, hint, code: null }} title={title} />;
}

function Note({ explained, onRetry, title }: { explained: Explained; onRetry?: () => void; title?: string }) {
  const t = useText();
  return (
    <div className={styles.note} role="alert">
      {title && <p className={styles.title}>{title}</p>}
      <p className={styles.message}>{explained.message}</p>
      {explained.original && <p className={styles.hint} lang="en">{explained.original}</p>}
      <p className={styles.hint}>{explained.hint}</p>
      {(onRetry ?? explained.code) && (
        <div className={styles.foot}>
          {onRetry && (
            <Button variant="default" size="xs" onClick={onRetry}>
              {t('action.tryAgain')}
            </Button>
          )}
          {explained.code && <code>{explained.code}</code>}
        </div>
      )}
    </div>
  );
}
