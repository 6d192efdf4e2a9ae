import { Link } from 'react-router';
import type { TableProgram } from '../../api/programs';
import type { TableDetail } from '../../api/types';
import { useText } from '../../i18n';
import styles from './Table.module.css';

/** What hangs together with a table by programs, and all that is made of it. */
export function Lineage({ table }: { table: TableDetail }) {
  const t = useText();
  const name = `${table.schema}.${table.name}`;
  return (
    <>
      {table.programs.map((program) => <Program key={`${program.dag}/${program.task}`} program={program} table={name} />)}
      <div className={styles.lineage}>
        <TableLinks title={t('table.impact')} tables={table.impact} />
      </div>
    </>
  );
}

function Program({ program, table }: { program: TableProgram; table: string }) {
  const t = useText();
  const makes = program.writes.includes(table);
  return (
    <div className={styles.lineage}>
      <div>
        <p className={styles.label}>{t(makes ? 'table.program.makes' : 'table.program.reads')}</p>
        <Link to={`/dags/${program.dag}`}>{program.dag}</Link> · {program.task}
        {program.run_id && <p>{t('table.program.run')} <Link to={`/runs/${program.run_id}`}>{program.run_id}</Link></p>}
      </div>
      <TableLinks title={t('table.upstream')} tables={program.reads} />
      <TableLinks title={t('table.program.writes')} tables={program.writes} />
    </div>
  );
}

export function TableLinks({ title, tables }: { title: string; tables: string[] }) {
  return (
    <div>
      <p className={styles.label}>{title}</p>
      {tables.length === 0 ? '–' : (
        <ul>
          {tables.map((name) => (
            <li key={name}>
              <Link to={`/catalog/${name.replace('.', '/')}`}>{name}</Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
