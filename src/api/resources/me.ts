import { listProjects } from '../../db/project-views.js';
import { jobRoles } from '../../db/people.js';
import { me } from '../../schema/api/me.js';
import { route } from '../route.js';

export const meRoutes = [
  route({
    method: 'get',
    path: '/me',
    id: 'getMe',
    tag: 'You',
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
];
