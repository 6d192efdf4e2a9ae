import { ActionIcon, Switch, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type CSSProperties, type Ref } from 'react';
import { useLog } from '../../api/log';
import type { LogLine } from '../../api/types';
import { usePrinting } from '../../app/printing';
import { formatTime } from '../../format/format';
import { useLanguage, useText } from '../../i18n';
import { cx } from '../cx';
import { ErrorNote } from '../ErrorNote/ErrorNote';
import { LiveMark } from '../LiveMark/LiveMark';
import { Loading } from '../Loading/Loading';
import styles from './LogView.module.css';
import { matchesOf, partsOf } from './search';

/** The log of one attempt, live. Follows its end until somebody scrolls up; on paper it is all there. */
export function LogView({ run, task, attempt }: { run: string; task: string; attempt: number }) {
  const t = useText();
  const printing = usePrinting();
  const log = useLog(run, task, attempt);
  const box = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  const [searched, setSearched] = useState('');
  const [match, setMatch] = useState(0);
  const matches = useMemo(() => matchesOf(log.lines, searched), [log.lines, searched]);
  const lines = useVirtualizer({ count: log.lines.length, getScrollElement: () => box.current, estimateSize: () => 20, overscan: 20, getItemKey: (i) => log.lines[i]?.n ?? i });
  const last = log.lines.length - 1;

  useEffect(() => {
    if (follow && last >= 0) lines.scrollToIndex(last, { align: 'end' });
  }, [follow, last, lines]);

  const goTo = (to: number) => {
    const at = (to + matches.length) % Math.max(1, matches.length);
    setMatch(at);
    setFollow(false);
    const line = matches[at];
    if (line !== undefined) lines.scrollToIndex(line, { align: 'center' });
  };

  return (
    <div className={styles.log}>
      <div className={styles.tools}>
        <TextInput
          size="xs"
          type="search"
          aria-label={t('log.search')}
          placeholder={t('log.search')}
          value={searched}
          onChange={(event) => { setSearched(event.currentTarget.value); setMatch(0); }}
          onKeyDown={(event) => { if (event.key === 'Enter') goTo(event.shiftKey ? match - 1 : searched && match === 0 && follow ? 0 : match + 1); }}
        />
        {searched.trim() !== '' && (
          <>
            <span className={styles.matches} role="status">{t('log.matches', { at: matches.length === 0 ? 0 : match + 1, count: matches.length })}</span>
            <ActionIcon variant="default" size="sm" aria-label={t('log.previous')} onClick={() => goTo(match - 1)}>↑</ActionIcon>
            <ActionIcon variant="default" size="sm" aria-label={t('log.next')} onClick={() => goTo(match + 1)}>↓</ActionIcon>
          </>
        )}
        <span className={styles.space} />
        <LiveMark state={log.live} />
        <Switch size="xs" label={t('log.follow')} checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />
      </div>
      {log.failure ? <ErrorNote failure={log.failure} /> : null}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={box}
        className={styles.box}
        role="log"
        aria-live="off"
        aria-label={t('log.label', { task, attempt })}
        // Scrolling regions must take the focus, or the keyboard cannot scroll them.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        // Scrolling up, by whatever means, ends the following.
        onWheel={(event) => { if (event.deltaY < 0) setFollow(false); }}
        onKeyDown={(event) => { if (['ArrowUp', 'PageUp', 'Home'].includes(event.key)) setFollow(false); }}
      >
        {log.lines.length === 0 && (log.phase === 'fetching' ? <Loading lines={6} height={12} /> : <p className={styles.empty}>{t('log.empty')}</p>)}
        {printing ? (
          log.lines.map((line) => <Line key={line.n} line={line} searched={searched} className={styles.printed} />)
        ) : (
          <div style={{ height: lines.getTotalSize(), position: 'relative' }}>
            {lines.getVirtualItems().map(({ index, key, start }) => {
              const line = log.lines[index];
              if (!line) return null;
              const className = cx(styles.line, matches[match] === index && searched !== '' && styles.current);
              return <Line key={key} ref={lines.measureElement} line={line} index={index} searched={searched} className={className} style={{ transform: `translateY(${start}px)` }} />;
            })}
          </div>
        )}
      </div>
      <p className={styles.foot}>
        {t('log.lines', { count: log.lines.length })}
        {log.phase === 'complete' && !log.failure && ` · ${t('log.complete')}`}
      </p>
    </div>
  );
}

function Line({ line, index, searched, ...place }: { line: LogLine; index?: number; searched: string; className?: string; style?: CSSProperties; ref?: Ref<HTMLDivElement> }) {
  const lang = useLanguage();
  return (
    <div data-index={index} {...place}>
      <time className={styles.at} dateTime={line.at}>{formatTime(line.at, lang)}</time>
      <span className={cx(styles.level, styles[line.level.toLowerCase()])}>{line.level}</span>
      <span className={styles.text}>
        {partsOf(line.text, searched).map((part, i) => (i % 2 === 1 ? <mark key={i}>{part}</mark> : part))}
      </span>
    </div>
  );
}
