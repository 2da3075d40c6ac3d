import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { policyEnvironment } from '../domain/policies.js';
import { ruleEnvironment } from '../domain/rule-expression.js';
import { refusePattern } from './pipeline/safe-pattern.js';

/** Why a rule's CEL expression is refused, as a sentence; null where it is not. */
export const refuseRule = (source: string): string | null => refuseExpression(ruleEnvironment, source);

/** Why the condition of a policy is refused. */
export const refuseCondition = (source: string): string | null => refuseExpression(policyEnvironment, source);

function refuseExpression(environment: Environment, source: string): string | null {
  try {
    const fault = findPattern(environment.parse(source).ast);
    if (fault !== null) return fault;
  } catch (error) {
    return firstLine(error);
  }
  const { valid, error } = environment.check(source);
  return valid ? null : firstLine(error);
}

/** Patterns from data could hold up the worker for as long as they like. */
function findPattern(node: ASTNode): string | null {
  if (node.op === 'call') return refuseMatch(node.args[0], node.args[1], 1) ?? firstOf(node.args[1]);
  if (node.op === 'rcall')
    return refuseMatch(node.args[0], node.args[2], 0) ?? findPattern(node.args[1]) ?? firstOf(node.args[2]);
  return firstOf(operands(node.args));
}

function refuseMatch(name: string, given: readonly ASTNode[], at: number): string | null {
  if (name !== 'matches') return null;
  const pattern = given[at];
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') return '`matches` takes a pattern in quotes';
  return refusePattern(pattern.args);
}

const firstOf = (nodes: readonly ASTNode[]): string | null =>
  nodes.reduce<string | null>((fault, node) => fault ?? findPattern(node), null);

/** The nodes among a node's arguments, however deep in lists of them. */
function operands(value: unknown): readonly ASTNode[] {
  if (Array.isArray(value)) return value.flatMap(operands);
  return typeof value === 'object' && value !== null && 'op' in value ? [value as ASTNode] : [];
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0]!;
