import {
  BookOpen,
  Brain,
  CircleAlert,
  Coins,
  MessageSquare,
  Pencil,
  Shrink,
  SquareTerminal,
  Wrench,
  type LucideIcon,
} from 'lucide-react';
import { memo } from 'react';
import type { AgentEvent } from '../../api/schemas';
import { hasFailed } from './activity-filter';
import { ClockTime } from './clock-time';
import { tellUsage } from './usage';
import classes from './activity.module.css';

const ICONS: Readonly<Record<AgentEvent['type'], LucideIcon>> = {
  think: Brain,
  message: MessageSquare,
  read: BookOpen,
  edit: Pencil,
  command: SquareTerminal,
  tool: Wrench,
  usage: Coins,
  condense: Shrink,
  error: CircleAlert,
};

/** One thing that an agent did. */
export const EventRow = memo(function EventRow({ event }: { readonly event: AgentEvent }) {
  const failed = hasFailed(event);
  // A newer worker may tell of more than this page knows.
  const Icon = ICONS[event.type] as LucideIcon | undefined;
  return (
    <li className={classes['row']} data-event={event.type} data-failed={failed}>
      <ClockTime at={event.at} />
      <span className={classes['type']} data-type={event.type}>
        {Icon && <Icon size={14} aria-hidden />} {event.type}
      </span>
      <div className={classes['what']}>
        <What event={event} />
      </div>
    </li>
  );
});

function What({ event }: { readonly event: AgentEvent }) {
  switch (event.type) {
    case 'think':
    case 'message':
      return <LongText text={event.text} />;
    case 'error':
      return (
        <strong className={classes['failed']}>
          <LongText text={event.text} />
        </strong>
      );
    case 'read':
      return <code className={classes['code']}>{event.what}</code>;
    case 'edit':
      return <Done event={event} what={event.path} />;
    case 'command':
      return <Done event={event} what={`$ ${event.command}`} />;
    case 'tool':
      return <Done event={event} what={`${event.tool} ${event.input}`} />;
    case 'usage':
      return <>So far {tellUsage(event)}</>;
    case 'condense':
      return <>Condensed its context to make room.</>;
    default:
      return <code className={classes['code']}>{JSON.stringify(event)}</code>;
  }
}

/** What was tried, and what came of it. */
function Done({
  event: { result },
  what,
}: {
  readonly event: Extract<AgentEvent, { result: unknown }>;
  readonly what: string;
}) {
  const text = result?.text.trim() ?? '';
  return (
    <>
      <LongText text={what} code />
      {result === null && <em className={classes['unknown']}>its end is not told yet</em>}
      {result?.ok === false && <strong className={classes['failed']}>failed</strong>}
      {text !== '' && (
        <details className={classes['more']}>
          <summary>{result?.ok === false ? firstLine(text) : `What came of it: ${firstLine(text)}`}</summary>
          <pre className={classes['text']}>{text}</pre>
        </details>
      )}
    </>
  );
}

const LONG = 400;
const MANY_LINES = 8;

/** Its beginning, and the rest for those who want it. */
function LongText({ text, code = false }: { readonly text: string; readonly code?: boolean }) {
  const lines = text.split('\n');
  const isLong = text.length > LONG || lines.length > MANY_LINES;
  const Element = code ? 'code' : 'span';
  const className = classes[code ? 'code' : 'said'];
  if (!isLong) return <Element className={className}>{text}</Element>;
  const beginning = lines.slice(0, MANY_LINES).join('\n').slice(0, LONG);
  return (
    <>
      <Element className={className}>{beginning}…</Element>
      <details className={classes['more']}>
        <summary>All of it ({text.length.toLocaleString('en')} characters)</summary>
        <pre className={classes['text']}>{text}</pre>
      </details>
    </>
  );
}

const MAX_LINE = 120;

function firstLine(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > MAX_LINE || line !== text ? `${line.slice(0, MAX_LINE)} …` : line;
}
