import { z } from 'zod';
import { absencesOf, endAbsence, openAbsence, possibleDelegates } from '../../db/absences.js';
import { listProjects } from '../../db/project-views.js';
import { jobRoles } from '../../db/people.js';
import { absences, newAbsence, openedAbsence } from '../../schema/api/absence.js';
import { uuid } from '../../schema/api/fields.js';
import { me } from '../../schema/api/me.js';
import { route } from '../route.js';

const tag = 'You';

export const meRoutes = [
  route({
    method: 'get',
    path: '/me',
    id: 'getMe',
    tag,
    summary: 'Who you are, and what you may do',
    role: 'reader',
    response: me,
    handle: ({ principal, read }) =>
      read(async (tx) => {
        const organisation = await tx
          .selectFrom('organisations')
          .select(['id', 'name'])
          .where('id', '=', principal.organisationId)
          .executeTakeFirstOrThrow();
        const projects = [];
        for (const project of await listProjects(tx))
          projects.push({ ...project, roles: await jobRoles(tx, project.id, principal.personId) });
        const { personId: id, handle, name, role, kind } = principal;
        return { id, handle, name, role, organisation, projects, session: kind };
      }),
  }),
  route({
    method: 'get',
    path: '/me/absences',
    id: 'listAbsences',
    tag,
    summary: 'When you are away, and who decides in your place',
    role: 'reader',
    response: absences,
    handle: ({ principal, read }) =>
      read(async (tx) => ({
        items: await absencesOf(tx, principal.personId),
        delegates: await possibleDelegates(tx, principal.personId),
      })),
  }),
  route({
    method: 'post',
    path: '/me/absences',
    id: 'openAbsence',
    tag,
    summary: 'Say that you are away for a time, and who decides in your place',
    role: 'reviewer',
    action: 'absence.open',
    body: newAbsence,
    status: 201,
    response: openedAbsence,
    handle: async ({ body: { from, until, delegate, note }, principal, write, about }) => {
      about(`person:${principal.handle}`, { until, delegate: delegate ?? null });
      const absence = {
        startsAt: from === undefined ? new Date() : new Date(from),
        endsAt: new Date(until),
        delegate: delegate ?? null,
        note: note ?? null,
      };
      return { id: await write((tx) => openAbsence(tx, principal, absence)) };
    },
  }),
  route({
    method: 'delete',
    path: '/me/absences/:id',
    id: 'endAbsence',
    tag,
    summary: 'Be back',
    role: 'reviewer',
    action: 'absence.end',
    params: z.object({ id: uuid }),
    response: openedAbsence,
    handle: async ({ params: { id }, principal, write, about }) => {
      about(`person:${principal.handle}`);
      await write((tx) => endAbsence(tx, principal, id));
      return { id };
    },
  }),
];
