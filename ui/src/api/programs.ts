/** A task of a DAG that makes tables by a program: what it read and wrote when it last ran. */
export interface TableProgram {
  dag: string;
  task: string;
  /** Of the last run with it that succeeded. */
  run_id: string | null;
  reads: string[];
  writes: string[];
}
