import { formatDecimal, formatLatency } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { cx } from '../cx';
import { TableBox } from '../TableBox/TableBox';
import { latencyOf, PHASES, slowdown, type Latency } from './facts';
import styles from './Facts.module.css';

/** How long a tiny query took before, while and after the source was read: numbers, and bars on one scale. */
export function Answers({ facts }: { facts: Record<string, string> }) {
  const t = useText();
  const lang = useLanguage();
  const rows = PHASES.flatMap((name) => (facts[name] ? [{ name, text: facts[name], latency: latencyOf(facts[name]) }] : []));
  const most = Math.max(...rows.map((row) => row.latency?.p95 ?? 0), 0);
  const times = slowdown(facts);
  return (
    <>
      <TableBox label={t('facts.group.answers')}>
        <table className={styles.answers}>
          <caption className="visually-hidden">{t('facts.group.answers')}</caption>
          <thead>
            <tr>
              <th scope="col"><span className="visually-hidden">{t('facts.phase')}</span></th>
              <th scope="col"><i className={cx(styles.swatch, styles.median)} aria-hidden="true" />{t('facts.median')}</th>
              <th scope="col"><i className={cx(styles.swatch, styles.p95)} aria-hidden="true" />{t('facts.p95')}</th>
              <td className={styles.picture} />
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, text, latency }) => (
              <tr key={name}>
                <th scope="row">{t(`fact.${name}`)}</th>
                {latency === undefined && <td colSpan={3}>{text}</td>}
                {latency && (
                  <>
                    <td>{formatLatency(latency.median, lang)}</td>
                    <td>{formatLatency(latency.p95, lang)}</td>
                    <td className={styles.picture} aria-hidden="true"><Bars latency={latency} most={most} /></td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {times !== undefined && <p className={styles.note}>{times > 1.05 ? t('facts.slower', { times: formatDecimal(times, lang) }) : t('facts.calm')}</p>}
    </>
  );
}

function Bars({ latency, most }: { latency: Latency; most: number }) {
  const wide = (ms: number) => ({ width: `${most > 0 ? (ms / most) * 100 : 0}%` });
  return (
    <span className={styles.bars}>
      <i className={styles.median} style={wide(latency.median)} />
      <i className={styles.p95} style={wide(latency.p95)} />
    </span>
  );
}
