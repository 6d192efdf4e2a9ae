import { useLanguage, useText } from '../../i18n';
import { Answers } from './Answers';
import { formatFact, grouped, isCode, nameKey, type Group } from './facts';
import styles from './Facts.module.css';

/** A fact whose name and value are texts already. */
export interface Line {
  name: string;
  value: string;
}

/**
 * What a task tells of itself, named and with units, by what it is about.
 * @param first lines before the others of the first group
 * @param without groups that stand elsewhere
 */
export function Facts({ facts, first = [], without = [] }: { facts: Record<string, string>; first?: Line[]; without?: Group[] }) {
  const t = useText();
  const groups = grouped(facts).filter((one) => !without.includes(one.group));
  const ofTask = groups.find((one) => one.group === 'work');
  return (
    <>
      {(first.length > 0 || ofTask) && <Lines first={first} facts={ofTask?.facts ?? []} />}
      {groups
        .filter((one) => one.group !== 'work')
        .map(({ group, facts: ofGroup }) => (
          <section key={group} className={styles.group} aria-label={t(`facts.group.${group}`)}>
            <h3 className={styles.title}>{t(`facts.group.${group}`)}</h3>
            {group === 'answers' ? <Answers facts={Object.fromEntries(ofGroup)} /> : <Lines facts={ofGroup} />}
            {group === 'server' && <p className={styles.note}>{t('facts.server.note')}</p>}
          </section>
        ))}
    </>
  );
}

function Lines({ first = [], facts }: { first?: Line[]; facts: [string, string][] }) {
  const t = useText();
  const lang = useLanguage();
  return (
    <dl className={styles.lines}>
      {first.map((line) => (
        <div key={line.name}>
          <dt>{line.name}</dt>
          <dd>{line.value}</dd>
        </div>
      ))}
      {facts.map(([name, value]) => {
        const key = nameKey(name);
        return (
          <div key={name}>
            <dt>{key ? t(key) : <code>{name}</code>}</dt>
            <dd>{isCode(name) ? <code>{value}</code> : formatFact(name, value, lang)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
