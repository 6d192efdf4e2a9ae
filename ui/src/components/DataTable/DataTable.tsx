import type { ReactNode } from 'react';
import { TableBox } from '../TableBox/TableBox';

/** A table of a page, named for those who do not see what stands around it. */
export function DataTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <TableBox label={label}>
      <table className="table">
        <caption className="visually-hidden">{label}</caption>
        {children}
      </table>
    </TableBox>
  );
}
