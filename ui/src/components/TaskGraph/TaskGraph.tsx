import '@xyflow/react/dist/base.css';
import { Background, Controls, Handle, Position, ReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import { memo, useMemo } from 'react';
import { kindOf, useLanguage, useText } from '../../i18n';
import { cx } from '../cx';
import { StateMark, stateKey, toneOf } from '../StateMark/StateMark';
import type { TaskNode } from './layout';
import styles from './TaskGraph.module.css';

const COLUMN = 226;
const ROW = 58;
const nodeTypes = { task: memo(TaskBox) };

/** The tasks where the server placed them. Tab goes from task to task, Enter opens one; the list is its twin. */
export function TaskGraph({ tasks, onOpen }: { tasks: TaskNode[]; onOpen: (task: string) => void }) {
  const t = useText();
  const lang = useLanguage();
  const nodes = useMemo(
    () =>
      tasks.map((task): Node<{ task: TaskNode }> => ({
        id: task.id,
        type: 'task',
        position: { x: task.x * COLUMN, y: task.y * ROW },
        width: 186,
        height: 44,
        data: { task },
        ariaLabel: t('graph.task', { task: task.id, kind: kindOf(task, lang), state: t(stateKey(task.state ?? 'none')) }),
        sourcePosition: Position.Right,
        targetPosition: Position.Left,
      })),
    [tasks, t, lang],
  );
  const edges = useMemo(() => edgesOf(tasks), [tasks]);
  return (
    <div className={styles.graph} role="group" aria-label={t('graph.label')}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onNodesChange={(changes) => {
          for (const change of changes) if (change.type === 'select' && change.selected) onOpen(change.id);
        }}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        disableKeyboardA11y={false}
        onlyRenderVisibleElements={tasks.length > 200}
        fitView
        fitViewOptions={{ padding: 0.04, maxZoom: 1, minZoom: tasks.length > 200 ? 0.1 : 0.5 }}
        minZoom={0.08}
        maxZoom={1.6}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{ 'controls.ariaLabel': t('graph.controls'), 'controls.zoomIn.ariaLabel': t('graph.zoomIn'), 'controls.zoomOut.ariaLabel': t('graph.zoomOut'), 'controls.fitView.ariaLabel': t('graph.fit'), 'node.a11yDescription.default': t('graph.keys'), 'node.a11yDescription.keyboardDisabled': t('graph.keys') }}
      >
        <Background gap={22} size={1} color="var(--line)" />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function TaskBox({ data }: NodeProps<Node<{ task: TaskNode }>>) {
  const lang = useLanguage();
  const { task } = data;
  return (
    <div className={cx(styles.box, task.state && styles[toneOf(task.state)], task.state === 'running' && styles.running)} title={task.id}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      {task.state && <StateMark state={task.state} label="none" />}
      <span className={styles.text}>
        <span className={styles.label}>{task.label}</span>
        <span className={styles.kind}>{kindOf(task, lang)}</span>
      </span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

function edgesOf(tasks: TaskNode[]): Edge[] {
  const known = new Set(tasks.map((task) => task.id));
  return tasks.flatMap((task) =>
    task.upstream
      .filter((up) => known.has(up))
      .map((up) => ({ id: `${up} ${task.id}`, source: up, target: task.id, focusable: false, className: task.state === 'running' ? styles.flowing : undefined })),
  );
}
