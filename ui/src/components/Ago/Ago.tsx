import { formatAge, formatFull } from '../../format/format';
import { useLanguage } from '../../i18n';
import { useNow } from './useNow';

/** How long ago (or how soon), with the exact moment on hover. */
export function Ago({ at }: { at: string }) {
  const lang = useLanguage();
  const now = useNow(5_000);
  return (
    <time dateTime={at} title={formatFull(at, lang)}>
      {formatAge(at, lang, now)}
    </time>
  );
}
