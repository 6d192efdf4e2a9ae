import { Link, useSearchParams } from 'react-router';
import { cx } from '../cx';
import styles from './TabLinks.module.css';

export interface Tab {
  id: string;
  text: string;
  count?: number;
}

/** Tabs that are links: the chosen one is in the address, so it can be shared, and back goes back. */
export function TabLinks({ tabs, chosen, label, parameter = 'tab' }: { tabs: Tab[]; chosen: string; label: string; parameter?: string }) {
  const [search] = useSearchParams();
  const to = (id: string) => {
    const next = new URLSearchParams(search);
    if (id === tabs[0]?.id) next.delete(parameter);
    else next.set(parameter, id);
    return { search: next.toString() };
  };
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.id}
          to={to(tab.id)}
          className={cx(styles.tab, tab.id === chosen && styles.chosen)}
          aria-current={tab.id === chosen ? 'page' : undefined}
          preventScrollReset
        >
          {tab.text}
          {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** The chosen tab by the address; the first when there is none or it is unknown. */
export function useTab<Id extends string>(ids: readonly [Id, ...Id[]], parameter = 'tab'): Id {
  const [search] = useSearchParams();
  const asked = search.get(parameter);
  return ids.find((id) => id === asked) ?? ids[0];
}
