// Made by `npm run web:types`; do not edit.

export interface paths {
  '/api/agent-programs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The programs that people write code with: what Baton can use of each, in which version that was tested, and who is registered
     * @description Takes the role reader.
     */
    get: operations['listAgentPrograms'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agent/briefing/{taskId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What an agent has to know of a task, in one call; at its step it gets the same by the tool `get_briefing`
     * @description Takes the role reader.
     */
    get: operations['getBriefing'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Agents by name: what they can do, what they do now, how they fared
     * @description Takes the role reader.
     */
    get: operations['listAgents'];
    put?: never;
    /**
     * Register an agent of the organisation, or bring the one of that name up to date; its program runs on the workers' hosts
     * @description Takes the role admin.
     */
    post: operations['saveAgent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agents/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One agent: also what its entry lets its programs do, and where it may change files
     * @description Takes the role reader.
     */
    get: operations['getAgent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agents/{name}/attempts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What an agent worked on in all runs, the newest first: how it ended, and what it cost
     * @description Takes the role reader.
     */
    get: operations['listAgentAttempts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agents/{name}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let a paused agent have new steps again
     * @description Takes the role admin.
     */
    post: operations['resumeAgent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Approvals with the change, what is known of it, and who can decide
     * @description Takes the role reader.
     */
    get: operations['listApprovals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One approval
     * @description Takes the role reader.
     */
    get: operations['getApproval'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals/{id}/comments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say something about an open approval without deciding it; the same Idempotency-Key is the same comment
     * @description Takes the role reviewer.
     */
    post: operations['discussApproval'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals/{id}/decision': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Approve or reject. Where no answer comes in time (503 `decision-unknown`) the same Idempotency-Key can be sent again: it counts once
     * @description Takes the role reviewer.
     */
    post: operations['decideApproval'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals/{id}/diff': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The change that an approval is bound to, since it left the default branch
     * @description Takes the role reader.
     */
    get: operations['getApprovalDiff'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/approvals/count': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How many approvals are open, and how many of them wait for you
     * @description Takes the role reader.
     */
    get: operations['countApprovals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/artifacts/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A log, diff, report or output: whole, by Range, from an offset on, or its end. Baton-Artifact-Closed says whether it can still grow
     * @description Takes the role reader.
     */
    get: operations['readArtifact'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who did what, newest first: writes, refusals, denials
     * @description Takes the role admin.
     */
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/audit/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The audit trail as JSON lines, oldest first, up to the entry that says who exported it
     * @description Takes the role admin.
     */
    get: operations['exportAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/audit/verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Compute the chain of hashes anew: is every entry there, and as it was written?
     * @description Takes the role admin.
     */
    get: operations['verifyAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/breakers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where new work is held back now: keys of providers and agents, the one that was opened last first
     * @description Takes the role reader.
     */
    get: operations['listBreakers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/bulk': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What an act on many runs would touch, and what would become of each
     * @description Takes the role reader.
     */
    get: operations['previewBulk'];
    put?: never;
    /**
     * Pause, resume, cancel or rerun the runs that a preview showed, and no others. A reviewer may pause and resume, an author all. The same Idempotency-Key does what is left, and nothing twice
     * @description Takes the role reviewer.
     */
    post: operations['actInBulk'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/channels': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Channels by name; their secrets are in the environment of the workers only
     * @description Takes the role admin.
     */
    get: operations['listChannels'];
    put?: never;
    /**
     * Make a channel, or bring the one of that name up to date
     * @description Takes the role admin.
     */
    post: operations['saveChannel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/channels/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Take a channel away
     * @description Takes the role admin.
     */
    delete: operations['removeChannel'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/escalations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What lasts too long and how far it has come, newest first
     * @description Takes the role reader.
     */
    get: operations['listEscalations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Everything that happens, live from now or after Last-Event-ID; as JSON a page, newest first
     * @description Takes the role reader.
     */
    get: operations['followEvents'];
    put?: never;
    /**
     * An event of another system: starts the active pipelines that wait for it, once for each id
     * @description Takes the role author.
     */
    post: operations['sendEvent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who you are, and what you may do
     * @description Takes the role reader.
     */
    get: operations['getMe'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/me/absences': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * When you are away, and who decides in your place
     * @description Takes the role reader.
     */
    get: operations['listAbsences'];
    put?: never;
    /**
     * Say that you are away for a time, and who decides in your place
     * @description Takes the role reviewer.
     */
    post: operations['openAbsence'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/me/absences/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Be back
     * @description Takes the role reviewer.
     */
    delete: operations['endAbsence'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/me/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Your keys, without what opens
     * @description Takes the role reader.
     */
    get: operations['listKeys'];
    put?: never;
    /**
     * Another key of yours
     * @description Takes the role reader.
     */
    post: operations['createKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/me/keys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke a key of yours
     * @description Takes the role reader.
     */
    delete: operations['revokeKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/notices': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What was told to people and where, newest first; `status=failed` are the dead letters
     * @description Takes the role reader.
     */
    get: operations['listNotices'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/notices/{id}/resend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a dead letter once more
     * @description Takes the role author.
     */
    post: operations['resendNotice'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/people': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is in the organisation, and what they may do
     * @description Takes the role reader.
     */
    get: operations['listPeople'];
    put?: never;
    /**
     * Let somebody in, or change what they may do
     * @description Takes the role admin.
     */
    post: operations['savePerson'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/people/{handle}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Somebody leaves: their keys and sessions end, what they did stays theirs
     * @description Takes the role admin.
     */
    delete: operations['dismissPerson'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/people/{handle}/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A first key for somebody who has none
     * @description Takes the role admin.
     */
    post: operations['createKeyFor'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/pipelines': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Pipelines by name
     * @description Takes the role reader.
     */
    get: operations['listPipelines'];
    put?: never;
    /**
     * Keep a new version of a pipeline; runs keep the version that they began with
     * @description Takes the role author.
     */
    post: operations['savePipeline'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/pipelines/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One pipeline, as its newest version is
     * @description Takes the role reader.
     */
    get: operations['getPipeline'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/pipelines/{name}/state': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Activate, draft or archive a pipeline: only active ones start runs
     * @description Takes the role author.
     */
    post: operations['setPipelineState'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/pipelines/{name}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every version of a pipeline, newest first
     * @description Takes the role reader.
     */
    get: operations['listPipelineVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/pipelines/validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Every error and warning of a pipeline at once, with line, column and a hint; nothing is kept
     * @description Takes the role reader.
     */
    post: operations['validatePipeline'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/policies': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The versions of a policies.yaml: who decides what
     * @description Takes the role reader.
     */
    get: operations['listPolicies'];
    put?: never;
    /**
     * Propose a new version; it holds when another admin has approved it
     * @description Takes the role admin.
     */
    post: operations['proposePolicies'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/policies/{id}/decision': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let a proposed version hold, or refuse it
     * @description Takes the role admin.
     */
    post: operations['decidePolicies'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/questions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What agents and Baton ask of people, and what was answered
     * @description Takes the role reader.
     */
    get: operations['listQuestions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/questions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One question
     * @description Takes the role reader.
     */
    get: operations['getQuestion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/questions/{id}/answer': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Answer a question. Where no reply comes in time (503 `decision-unknown`) the same Idempotency-Key can be sent again: it counts once
     * @description Takes the role reviewer.
     */
    post: operations['answerQuestion'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/questions/count': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How many questions are open, and how many of them wait for you
     * @description Takes the role reader.
     */
    get: operations['countQuestions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Repositories by name
     * @description Takes the role reader.
     */
    get: operations['listRepositories'];
    put?: never;
    /**
     * Add a repository: import one from a path on the server or a URL, or make an empty one
     * @description Takes the role admin.
     */
    post: operations['addRepository'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One repository
     * @description Takes the role reader.
     */
    get: operations['getRepository'];
    put?: never;
    post?: never;
    /**
     * Remove a repository while no run of it is unfinished. Its files are moved aside; issues, pull requests and runs stay in the record
     * @description Takes the role admin.
     */
    delete: operations['removeRepository'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/configuration': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put `.baton/repository.yaml` on the default branch, as the caller. Refused where there is one, unless `replace` is set
     * @description Takes the role admin.
     */
    post: operations['acceptRepositoryConfig'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/default-branch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make another branch the default one, and protect it; the old one stays protected
     * @description Takes the role admin.
     */
    post: operations['setDefaultBranch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/issues': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Issues of a repository, newest first
     * @description Takes the role reader.
     */
    get: operations['listIssues'];
    put?: never;
    /**
     * Open an issue; its labels start the pipelines that they trigger
     * @description Takes the role author.
     */
    post: operations['openIssue'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/issues/{number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One issue, with the runs that it started
     * @description Takes the role reader.
     */
    get: operations['getIssue'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/issues/{number}/comments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Comments on an issue, oldest first
     * @description Takes the role reader.
     */
    get: operations['listIssueComments'];
    put?: never;
    /**
     * Comment on an issue; `state` closes it or opens it again
     * @description Takes the role author.
     */
    post: operations['commentIssue'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/issues/{number}/labels': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Add labels to an issue; each new one starts the pipelines that it triggers
     * @description Takes the role author.
     */
    post: operations['addLabels'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/issues/{number}/labels/{label}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Take a label off an issue; the runs that it started go on
     * @description Takes the role author.
     */
    delete: operations['removeLabel'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/preconditions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a run of an active pipeline in this repository would lack now; nothing is started
     * @description Takes the role reader.
     */
    get: operations['getPreconditions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/proposal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What Baton detects on the default branch, and the `.baton/repository.yaml` that it proposes
     * @description Takes the role reader.
     */
    get: operations['proposeRepositoryConfig'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/pull': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Bring the newer commits of the origin, by fast-forward only
     * @description Takes the role admin.
     */
    post: operations['pullRepository'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/pull-requests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Pull requests of a repository, newest first, with their reviews
     * @description Takes the role reader.
     */
    get: operations['listPullRequests'];
    put?: never;
    /**
     * Open a pull request for a branch that was pushed; it starts the pipelines that it triggers
     * @description Takes the role author.
     */
    post: operations['openPullRequest'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/pull-requests/{number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One pull request, with its reviews
     * @description Takes the role reader.
     */
    get: operations['getPullRequest'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/push': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Push a branch to the origin or another repository, never with force
     * @description Takes the role admin.
     */
    post: operations['pushRepository'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/rename': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rename a repository; runs, clones and its remote URL stay as they are
     * @description Takes the role admin.
     */
    post: operations['renameRepository'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/restore': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Bring back the last removed repository of a name, with its issues, pull requests and runs
     * @description Takes the role admin.
     */
    post: operations['restoreRepository'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/trace/{commit}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The same for a commit by its name in a repository: a branch, a tag, HEAD for its default branch, a hash
     * @description Takes the role reader.
     */
    get: operations['traceNamedCommit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/trials': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The last 20 trials of a repository, newest first
     * @description Takes the role reader.
     */
    get: operations['listTrials'];
    put?: never;
    /**
     * Run set-up and gates once on the default branch in the sandbox, with a configuration that counts for nothing else
     * @description Takes the role admin.
     */
    post: operations['startTrial'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/trials/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One trial: what its set-up and each gate say so far. Its log can be read while it grows
     * @description Takes the role reader.
     */
    get: operations['getTrial'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/repositories/{name}/trials/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Stop a trial
     * @description Takes the role admin.
     */
    post: operations['cancelTrial'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/roles': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The roles that agents may hold: what each may do of the catalogue, what it is told, and which files it owns in a project
     * @description Takes the role reader.
     */
    get: operations['listRoles'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/roles/{role}/territory': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say which files a role owns in a project: whoever acts in it changes no others
     * @description Takes the role admin.
     */
    post: operations['saveTerritory'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Runs, newest first
     * @description Takes the role reader.
     */
    get: operations['listRuns'];
    put?: never;
    /**
     * Start a pipeline by hand
     * @description Takes the role author.
     */
    post: operations['createRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One run: its steps, attempts, gates, costs, artifacts, approvals, lineage and graph
     * @description Takes the role reader.
     */
    get: operations['getRun'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/activity': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the agents of a run did, as JSON lines, attempt by attempt: all of it, or what a filter leaves
     * @description Takes the role reader.
     */
    get: operations['exportActivity'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/artifacts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a run kept, oldest first: logs, outputs, diffs, reports; with the state of the run
     * @description Takes the role reader.
     */
    get: operations['listRunArtifacts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel a run: its agents are stopped, its steps clean up
     * @description Takes the role author.
     */
    post: operations['cancelRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/diff': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a run, or one of its steps, changed
     * @description Takes the role reader.
     */
    get: operations['getRunDiff'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happened in a run and what happens, from its beginning or after Last-Event-ID; as JSON a page, oldest first
     * @description Takes the role reader.
     */
    get: operations['followRunEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/findings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the gates, scanners and reviewers of a run found, most severe first; with `Accept: application/sarif+json` as one SARIF 2.1.0 document
     * @description Takes the role reader.
     */
    get: operations['listRunFindings'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/overrides': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How people stepped into a run, in order
     * @description Takes the role reader.
     */
    get: operations['listOverrides'];
    put?: never;
    /**
     * Step into a run, also while an agent works. A reviewer may pause and resume, an author everything but skip an approval or call a run less than high risk, which takes an admin. Where no answer comes in time (503 `decision-unknown`) the same Idempotency-Key can be sent again: it counts once
     * @description Takes the role reviewer.
     */
    post: operations['overrideRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/refusals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What Baton refused of the attempts of a run, oldest first, for as long as the audit trail keeps it
     * @description Takes the role reader.
     */
    get: operations['listRefusals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/runs/{id}/rerun': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Start a new run that takes over what was finished before a step
     * @description Takes the role author.
     */
    post: operations['rerunRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Sign out: the session of this browser ends
     * @description Takes the role reader.
     */
    delete: operations['endSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/sign-in-links': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A link that signs you in to the page, once, within 15 minutes. Each try gives a new one
     * @description Takes the role reader.
     */
    post: operations['createSignInLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tasks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What was asked for and how far it is, newest first
     * @description Takes the role reader.
     */
    get: operations['listTasks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tasks/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One task, with its commits, runs and pull requests
     * @description Takes the role reader.
     */
    get: operations['getTask'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tasks/{id}/blockers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Have a task that has not begun wait for others: its runs start when the last of them is completed
     * @description Takes the role author.
     */
    post: operations['addBlockers'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tasks/{id}/blockers/{blocker}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Have a task wait for another no longer; with none left its runs start
     * @description Takes the role author.
     */
    delete: operations['removeBlocker'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/teams': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Teams, who is in them, and the job roles that they hold
     * @description Takes the role reader.
     */
    get: operations['listTeams'];
    put?: never;
    /**
     * Make a team, or bring the one of that name up to date
     * @description Takes the role admin.
     */
    post: operations['saveTeam'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/teams/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Take a team away; its people stay
     * @description Takes the role admin.
     */
    delete: operations['removeTeam'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/trace/{reference}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * From a commit to its step, run, task, issue, the person who asked and those who approved; and back, from a run or an issue to its commits and pull requests
     * @description Takes the role reader.
     */
    get: operations['trace'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Absences: {
      /** @description Handles of those who may decide in your place */
      delegates: string[];
      /** @description Those that are not over */
      items: {
        /** @description Handle of whoever decides meanwhile */
        delegate: string | null;
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        endsAt: string;
        /** Format: uuid */
        id: string;
        note: string | null;
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        startsAt: string;
      }[];
    };
    ActivityLine: {
      attempt: number;
      item: number | null;
      step: string;
    } & components['schemas']['AgentEvent'];
    AddedRepository: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      defaultBranch: string;
      forge: string;
      /** Format: uuid */
      id: string;
      name: string;
      openIssues: number;
      openPullRequests: number;
      project: string;
      protectedBranches: string[];
      remoteUrl: string;
      removedAt: string | null;
      /** @description Where it was imported from, without credentials */
      source: string | null;
      warnings: components['schemas']['ImportWarning'][];
    };
    Agent: {
      adapter: string;
      attempts: {
        running: number;
        succeeded: number;
        total: number;
      };
      capabilities: {
        description: string;
        inputSchema: unknown;
        mode: ('change' | 'analysis') | null;
        name: string;
        outputSchema: unknown;
        pullRequest: boolean;
      }[];
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      description: string;
      /** Format: uuid */
      id: string;
      kind: string;
      limits: {
        [key: string]: unknown;
      };
      name: string;
      owner: string | null;
      permissions: components['schemas']['Permissions'];
      project: string;
      /** @enum {string} */
      riskLevel: 'AUTO' | 'APPROVAL_REQUIRED';
      roles: string[];
      /** @enum {string} */
      status: 'idle' | 'working' | 'waiting-for-input' | 'blocked' | 'errored' | 'paused' | 'offline';
      type: string;
      version: string;
    };
    AgentAttempt: {
      attempt: number;
      /** @description US dollars, as the program reported it; null: it did not */
      costUsd: number | null;
      endedAt: string | null;
      error: {
        code: string;
        details?: {
          [key: string]: unknown;
        };
        message: string;
      } | null;
      listPrice: {
        /** @description Day of the price table, such as 2026-09-23 */
        date: string;
        /** @description Whether some of its tokens may cost more: the program does not tell enough of them */
        isMinimum: boolean;
        usd: number;
      } | null;
      run: {
        /** Format: uuid */
        id: string;
        issue: {
          number: number;
          title: string;
        } | null;
        number: number;
        pipeline: string;
        repository: string | null;
      };
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      startedAt: string;
      /** @enum {string} */
      status: 'running' | 'asked' | 'limited' | 'succeeded' | 'failed' | 'cancelled';
      step: {
        id: string;
        item: number | null;
        name: string;
      };
      summary: string;
      tokensIn: number | null;
      tokensOut: number | null;
    };
    AgentAttemptPage: {
      items: components['schemas']['AgentAttempt'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    AgentDetail: {
      adapter: string;
      attempts: {
        running: number;
        succeeded: number;
        total: number;
      };
      capabilities: {
        description: string;
        inputSchema: unknown;
        mode: ('change' | 'analysis') | null;
        name: string;
        outputSchema: unknown;
        pullRequest: boolean;
      }[];
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      description: string;
      /** Format: uuid */
      id: string;
      kind: string;
      limits: {
        [key: string]: unknown;
      };
      name: string;
      owner: string | null;
      permissions: components['schemas']['Permissions'];
      /** @description Of its entry; null: that is not such as its adapter takes */
      policy: components['schemas']['AgentPolicy'] | null;
      project: string;
      /** @enum {string} */
      riskLevel: 'AUTO' | 'APPROVAL_REQUIRED';
      roles: string[];
      /** @enum {string} */
      status: 'idle' | 'working' | 'waiting-for-input' | 'blocked' | 'errored' | 'paused' | 'offline';
      /** @description Where it may change files, by its roles */
      territory: {
        /** @description Null: anywhere */
        globs: string[] | null;
        role: string;
      }[];
      type: string;
      version: string;
    };
    AgentEvent:
      | {
          at: string;
          text: string;
          /** @constant */
          type: 'think';
        }
      | {
          at: string;
          text: string;
          /** @constant */
          type: 'message';
        }
      | {
          at: string;
          digest?: string;
          /** @constant */
          type: 'read';
          what: string;
        }
      | {
          at: string;
          digest?: string;
          path: string;
          /** @description Null: the program did not say */
          result: {
            ok: boolean;
            text: string;
          } | null;
          /** @constant */
          type: 'edit';
        }
      | {
          at: string;
          command: string;
          /** @description Null: the program did not say */
          result: {
            ok: boolean;
            text: string;
          } | null;
          /** @constant */
          type: 'command';
        }
      | {
          at: string;
          input: string;
          /** @description Null: the program did not say */
          result: {
            ok: boolean;
            text: string;
          } | null;
          tool: string;
          /** @constant */
          type: 'tool';
        }
      | {
          at: string;
          costUsd: number | null;
          inputTokens: number | null;
          /** @description What its tokens cost by public list prices, where the program reported no cost */
          listPrice?: {
            /** @description Day of the price table, such as 2026-09-23 */
            date: string;
            /** @description Whether some of its tokens may cost more: the program does not tell enough of them */
            isMinimum: boolean;
            usd: number;
          };
          outputTokens: number | null;
          /**
           * @description Of the whole attempt so far; null is unknown
           * @constant
           */
          type: 'usage';
        }
      | {
          at: string;
          /**
           * @description The context was condensed to make room
           * @constant
           */
          type: 'condense';
        }
      | {
          at: string;
          text: string;
          /** @constant */
          type: 'error';
        };
    AgentPage: {
      items: components['schemas']['Agent'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    AgentPolicy: {
      /** @description What it asks people before it does it */
      askFor: string[];
      /** @description What it is told at the beginning of an attempt, at most */
      contextTokens: number | null;
      /** @description What it may reach, and nothing else */
      hosts: string[];
      model: string | null;
      provider: string | null;
      /** @description Null: no program of its own runs */
      sandbox: {
        /** @description Null: what is free */
        cpus: number | null;
        /** @description Of workspace and home together */
        diskMib: number;
        /** @description Of one file */
        fileMib: number;
        memoryMib: number;
        processes: number;
        /** @description Null: as long as its step has */
        timeoutMs: number | null;
      } | null;
      /** @description Whether the repository’s own settings for its program are heeded */
      trustRepository: boolean;
    };
    AgentPrograms: {
      items: {
        abilities: {
          /** @description It can ask people before it acts, and end meanwhile */
          approvals: boolean;
          cancel: boolean;
          cost: boolean;
          /** @description It is given Baton’s tools */
          mcp: boolean;
          /** @description Its conversation goes on in a later attempt, on any worker */
          resume: boolean;
          structuredOutput: boolean;
          /** @description It tells its tokens */
          usage: boolean;
        };
        /** @description Those registered of it */
        agents: {
          name: string;
          project: string;
        }[];
        install: string;
        /** @description Of its adapter */
        name: string;
        /** @description True: it runs only with trustRepository; a list: only where none of these files is at the repository’s root */
        needsTrust: (true | string[]) | null;
        /** @description What the workers that run now have of it; null: none has reported yet */
        onWorkers: {
          command: string;
          /** @description What to do before an agent of it can work; null: nothing */
          fix: string | null;
          isInstalled: boolean;
          /** @description Null: no worker can sign it in */
          signIn: ('key' | 'login') | null;
        } | null;
        /** @description By what it was tested, where that was not the program itself */
        proof: 'documentation' | null;
        provider: string;
        testedVersion: string;
        title: string;
      }[];
    };
    Answer: {
      /** @description Name of an option */
      option?: string | null;
      /** @description Why: kept, and told to whoever asked. Needed where there are no words of your own */
      reason?: string | null;
      /** @description Your own words, where the question takes them: beside an option or in its place */
      text?: string | null;
    };
    Answered: {
      option: string | null;
      /** Format: uuid */
      question: string;
    };
    Approval: {
      /** @description Who can still decide it */
      canDecide: {
        awayUntil: string | null;
        handle: string;
        /** Format: uuid */
        id: string;
        /** @description Handles of those who are away and whose decisions are handed to this person */
        inPlaceOf: string[];
        /** @description Job roles in the project */
        roles: string[];
      }[];
      change: {
        base: string | null;
        branch: string | null;
        commit: string | null;
        findings: components['schemas']['Finding'][];
        /** @description Newest result of each gate */
        gates: components['schemas']['GateResult'][];
        /** @description `git patch-id` of the change: what an approval is bound to */
        patchId: string | null;
        pullRequest: number | null;
        repository: string;
      } | null;
      comments: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        at: string;
        body: string;
        by: string;
      }[];
      decisions: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        at: string;
        by: string;
        /** @description Who was away when it was decided */
        inPlaceOf: string[];
        note: string | null;
        /** @enum {string} */
        verdict: 'approve' | 'reject';
      }[];
      /** @description Handles of owners of the change, who may not decide */
      excluded: string[];
      expiresAt: string | null;
      /** Format: uuid */
      id: string;
      /** @description What an open approval still needs */
      missing: string | null;
      /**
       * @description What it lets happen: a step that the pipeline has for it, an agent that acts, a change that lands
       * @enum {string}
       */
      purpose: 'step' | 'act' | 'land';
      /** @description Why you cannot decide it; null when you can */
      refusal: {
        code: string;
        message: string;
      } | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      requestedAt: string;
      requirements: {
        /** @description Handles and job roles */
        approvers: string[];
        atLeast: number;
        /** @description Handles of those whose yes counts for it */
        by: string[];
        /** @description Handles of those who can still say yes */
        canSatisfy: string[];
        /** @enum {string} */
        kind: 'any' | 'all';
        /** @description What it still needs */
        missing: string | null;
        /** @description Policy, or step, that asks for it */
        rule: string;
        why: string;
      }[];
      risk: components['schemas']['Risk'] | null;
      run: {
        /** @description Where it stands now */
        briefing: string;
        /** Format: uuid */
        id: string;
        issue: {
          number: number;
          title: string;
        } | null;
        number: number;
        paused: boolean;
        pipeline: string;
        repository: string | null;
        requestedBy: string;
        /** @enum {string} */
        status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
      };
      settledAt: string | null;
      /** @description Only owners of the change could decide, so they may */
      soleMember: boolean;
      /** @enum {string} */
      status: 'open' | 'approved' | 'rejected' | 'expired' | 'cancelled';
      step: {
        id: string;
        name: string;
      };
    };
    ApprovalCount: {
      /** @description Open ones that you can decide */
      mine: number;
      open: number;
    };
    ApprovalPage: {
      items: components['schemas']['Approval'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    Artifact: {
      bytes: number;
      /** @description Whether it is whole; an open one may grow */
      closed: boolean;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      kind: 'log' | 'output' | 'diff' | 'report' | 'events' | 'session' | 'context';
      mediaType: string;
      name: string;
    };
    Attempt: {
      agent: {
        /** Format: uuid */
        id: string;
        name: string;
      } | null;
      artifacts: components['schemas']['Artifact'][];
      attempt: number;
      base: string | null;
      commit: string | null;
      /** @description What its programs were held to */
      confinements: components['schemas']['Confinement'][];
      /** @description US dollars, as the program reported it; null: it did not */
      costUsd: number | null;
      endedAt: string | null;
      error: {
        code: string;
        details?: {
          [key: string]: unknown;
        };
        message: string;
      } | null;
      /** @description What it began with; again where its worker died */
      executions: components['schemas']['Execution'][];
      findings: components['schemas']['Finding'][];
      gates: components['schemas']['GateResult'][];
      listPrice: {
        /** @description Day of the price table, such as 2026-09-23 */
        date: string;
        /** @description Whether some of its tokens may cost more: the program does not tell enough of them */
        isMinimum: boolean;
        usd: number;
      } | null;
      /**
       * @description Of its set-up
       * @enum {string}
       */
      network: 'none' | 'host';
      /** @description When it may go on, where its provider took no more */
      resumeAt: string | null;
      /** @description What its program finds its conversation by */
      session: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      startedAt: string;
      /** @enum {string} */
      status: 'running' | 'asked' | 'limited' | 'succeeded' | 'failed' | 'cancelled';
      summary: string;
      tokensIn: number | null;
      tokensOut: number | null;
    };
    AuditEntry: {
      action: string;
      actor: {
        id: string | null;
        /** @enum {string} */
        kind: 'person' | 'agent' | 'system';
        name: string;
      };
      address: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      at: string;
      details: {
        [key: string]: unknown;
      };
      hash: string;
      id: number;
      /**
       * @description `unknown`: no answer came in time; it may have been done
       * @enum {string}
       */
      outcome: 'success' | 'failure' | 'denied' | 'unknown';
      resource: string;
      session: string | null;
      userAgent: string | null;
    };
    AuditPage: {
      items: components['schemas']['AuditEntry'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    AuditVerdict: {
      /** @description The first entry that does not fit */
      broken: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        at: string;
        id: number;
        why: string;
      } | null;
      entries: number;
      /** @description Hash of the newest entry */
      head: string | null;
      intact: boolean;
    };
    Breaker: {
      /** @description One after the other, since the last success */
      failures: number;
      /** @description Which key: the first 12 characters of its SHA-256; empty for an agent */
      fingerprint: string;
      /**
       * @description A key of a provider that takes no more, or an agent that fails again and again
       * @enum {string}
       */
      kind: 'provider' | 'agent';
      /** @description Of the provider, or of the agent */
      name: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      openedAt: string;
      /** @description That the agent is of; null: a key is the organisation’s */
      project: string | null;
      /** @description Why it was opened */
      reason: string;
      /**
       * Format: date-time
       * @description Until when no new work begins there, or, while half-open, nobody else’s
       */
      resetAt: string;
      /**
       * @description `half-open`: one is let through, to see whether it goes again
       * @enum {string}
       */
      state: 'open' | 'half-open';
    };
    BreakerList: {
      items: components['schemas']['Breaker'][];
    };
    Briefing: {
      /** @description Which the files are of */
      commit: string | null;
      /** @description The newest 10 */
      events: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        at: string;
        briefing: string;
        type: string;
      }[];
      /** @description What of the repository may matter most, the first the most */
      files: {
        path: string;
        snippets: {
          /** @description Its first line, 1-based */
          from: number;
          text: string;
        }[];
        why: string[];
      }[];
      /** @description Written by people from outside: it says what is wanted, and gives no orders beyond that */
      issue: {
        acceptanceCriteria: string;
        body: string;
        number: number;
        title: string;
      } | null;
      /** @description What was done so far, oldest first: the newest 20 attempts */
      log: {
        agent: string | null;
        attempt: number;
        commit: string | null;
        error: string | null;
        item: number | null;
        run: number;
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        startedAt: string;
        status: string;
        step: string;
        summary: string;
      }[];
      /** @description Those that are open */
      questions: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        askedAt: string;
        /** Format: uuid */
        id: string;
        options: {
          name: string;
          says: string;
        }[];
        step: string;
        text: string;
      }[];
      /** @description What the run asks of whom; `requires`: the required actions, as far as they are listed */
      requirements: {
        role: string;
        steps: {
          action: string;
          name: string;
          requires: string[];
          step: string;
        }[];
      }[];
      /** @description The newest of the task */
      run: {
        branch: string | null;
        /** Format: uuid */
        id: string;
        number: number;
        pipeline: string;
        status: string;
      } | null;
      task: components['schemas']['Task'] | null;
    };
    BulkAct: {
      /** @enum {string} */
      action: 'pause' | 'resume' | 'cancel' | 'rerun';
      /** @description Why; it is kept with each of them */
      reason: string;
      /** @description Ids of the runs that a preview showed: no others are touched */
      runs: string[];
    };
    BulkPreview: {
      /** @enum {string} */
      action: 'pause' | 'resume' | 'cancel' | 'rerun';
      /** @description Whether more than 200 runs fit: only the newest are shown */
      more: boolean;
      runs: {
        briefing: string;
        /** @description The step that a rerun begins with */
        from: string | null;
        /** Format: uuid */
        id: string;
        number: number;
        pipeline: string;
        /** @description Why it would be left as it is */
        refusal: {
          code: string;
          message: string;
        } | null;
        repository: string | null;
        /** @enum {string} */
        status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
      }[];
    };
    BulkResult: {
      /** @enum {string} */
      action: 'pause' | 'resume' | 'cancel' | 'rerun';
      runs: {
        /** Format: uuid */
        id: string;
        /** @enum {string} */
        outcome: 'done' | 'refused';
        refusal: {
          code: string;
          message: string;
        } | null;
        /** @description Number of the run that repeats it */
        rerun: number | null;
      }[];
    };
    Cancellation: {
      /** @description Why; it is kept, and told to everybody who follows the run */
      reason: string;
    };
    Cancelled: {
      /** Format: uuid */
      id: string;
      number: number;
      /** @enum {string} */
      status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
    };
    ChangedDefaultBranch: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      defaultBranch: string;
      forge: string;
      /** Format: uuid */
      id: string;
      name: string;
      openIssues: number;
      openPullRequests: number;
      project: string;
      protectedBranches: string[];
      remoteUrl: string;
      removedAt: string | null;
      /** @description Where it was imported from, without credentials */
      source: string | null;
      warnings: components['schemas']['ImportWarning'][];
    };
    ChangedPipeline: {
      name: string;
      /** @enum {string} */
      state: 'active' | 'draft' | 'archived';
    };
    Channel: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      kind: 'slack' | 'discord' | 'teams' | 'mail' | 'webhook' | 'pager';
      name: string;
      quietHours: {
        from: string;
        timeZone: string;
        to: string;
      } | null;
      /** @description The variable of the workers that holds its secret */
      secretEnv: string | null;
      settings: {
        [key: string]: unknown;
      };
    };
    ChannelPage: {
      items: components['schemas']['Channel'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    ChecklistItem: {
      /** @description When it was marked last */
      at: string | null;
      /** @description In which it was listed, or marked last */
      attempt: number;
      /** @description The agent that marked it last */
      by: {
        /** Format: uuid */
        id: string;
        name: string;
      } | null;
      /** @description What was said of it last */
      note: string | null;
      /**
       * @description Of the pipeline or the issue, or of the agent’s own breakdown
       * @enum {string}
       */
      source: 'required' | 'agent';
      /** @enum {string} */
      status: 'open' | 'done' | 'failed';
      text: string;
    };
    Comment: {
      body: string;
    };
    Commented: {
      /** Format: uuid */
      approval: string;
    };
    CommentedIssue: {
      number: number;
      /** @enum {string} */
      state: 'open' | 'closed';
    };
    Confinement: {
      /** @description Null: all that are free */
      cpus: number | null;
      /** @description Of workspace and home together */
      diskBytes: number;
      /** @description Of one file */
      fileBytes: number;
      /**
       * @description `off`: nothing held it
       * @enum {string}
       */
      isolation: 'bubblewrap' | 'off';
      memoryBytes: number;
      /** @description A list: these hosts and no other, by a proxy */
      network: ('none' | 'host') | string[];
      processes: number;
      /** @description Without its folder */
      program: string;
      timeoutMs: number;
      /** @description Whether it found Baton’s tools there */
      tools: boolean;
      /** @enum {string} */
      workspace: 'writable' | 'read-only';
    };
    CreatedKey: {
      expiresAt: string | null;
      /** @description Told this once: only its hash is kept */
      token: string;
    };
    CreatedRun: {
      /** Format: uuid */
      id: string;
      /** @description What the started runs need and is missing: agents, programs, keys, commands of the repository */
      missing: {
        /** @description What is missing, for which steps, and the command that fixes it */
        message: string;
        pipeline: string;
        /**
         * @description `error`: the run fails before it begins; `warning`: it may fail
         * @enum {string}
         */
        severity: 'error' | 'warning';
      }[];
      number: number;
      url: string;
    };
    Decided: {
      /** Format: uuid */
      approval: string;
      /** @enum {string} */
      decision: 'approve' | 'reject';
      missing: string | null;
      /** @enum {string} */
      state: 'open' | 'approved' | 'rejected';
    };
    DecidedPolicies: {
      /** @enum {string} */
      decision: 'approve' | 'reject';
      /** Format: uuid */
      id: string;
    };
    Decision: {
      /** @enum {string} */
      decision: 'approve' | 'reject';
      note?: string | null;
    };
    Escalation: {
      /** @enum {string} */
      cause: 'agent-blocked' | 'pr-stale' | 'conflict-unresolved';
      closedAt: string | null;
      /** Format: uuid */
      id: string;
      /** @description What was reached, and what was done */
      levels: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        at: string;
        did: string[];
        level: number;
      }[];
      /** @description Number of the run that it is of */
      run: number | null;
      /**
       * Format: date-time
       * @description When its cause began
       */
      since: string;
      /**
       * @description `cleared`: its cause is gone; `ended`: every level was reached, and its cause still lasts
       * @enum {string}
       */
      status: 'open' | 'cleared' | 'ended';
      subject: string;
      /** @description The subject for people */
      title: string;
    };
    EscalationPage: {
      items: components['schemas']['Escalation'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    Event: {
      actor: {
        id: string | null;
        /** @enum {string} */
        kind: 'person' | 'agent' | 'system';
        name: string;
      };
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      at: string;
      briefing: string;
      /** @description Its place in the stream, for Last-Event-ID */
      id: string;
      payload: {
        [key: string]: unknown;
      };
      repository: string | null;
      run: string | null;
      type: string;
    };
    EventPage: {
      items: components['schemas']['Event'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    Execution: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      at: string;
      commit: string;
      /**
       * @description What that commit is: where the branch stood, what the attempt before left, or what was kept of an attempt that broke off
       * @enum {string}
       */
      from: 'branch' | 'previous' | 'kept';
      /** @description The conversation that the agent was to go on with, and the attempt that had it last; null: none */
      session: {
        attempt: number;
        item: number | null;
        name: string;
        step: string;
      } | null;
    };
    ExportedAuditEntry: {
      action: string;
      actor: {
        id: string | null;
        /** @enum {string} */
        kind: 'person' | 'agent' | 'system';
        name: string;
      };
      address: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      at: string;
      details: {
        [key: string]: unknown;
      };
      hash: string;
      id: number;
      /**
       * @description `unknown`: no answer came in time; it may have been done
       * @enum {string}
       */
      outcome: 'success' | 'failure' | 'denied' | 'unknown';
      /** @description Hash of the entry before it, which its own is made of */
      previousHash: string | null;
      resource: string;
      session: string | null;
      userAgent: string | null;
    };
    Finding: {
      commit: string;
      file: string | null;
      fix: string | null;
      /** @description Null: a reviewer’s */
      gate: string | null;
      line: number | null;
      message: string;
      rule: string;
      /** @enum {string} */
      severity: 'critical' | 'high' | 'medium' | 'low' | 'info';
    };
    GateResult: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      at: string;
      command: string | null;
      commit: string;
      durationMs: number;
      exitCode: number | null;
      gate: string;
      logArtifact: string | null;
      /** @description What would make an inconclusive result conclusive */
      mend: string | null;
      summary: string;
      /** @description The end of the output */
      tail: string;
      /** @enum {string} */
      verdict: 'pass' | 'fail' | 'inconclusive';
    };
    ImportWarning: {
      /** @enum {string} */
      kind: 'lfs' | 'submodules' | 'many-files';
      /** @description What does not work, or slowly, and what to do about it */
      message: string;
    };
    Issue: {
      acceptanceCriteria: string;
      author: string;
      body: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      /** Format: uuid */
      id: string;
      labels: string[];
      number: number;
      repository: string;
      runCount: number;
      /** @description The newest 20; GET /api/runs?repository=…&issue=… gives all */
      runs: {
        /** Format: uuid */
        id: string;
        number: number;
        pipeline: string;
        status: string;
      }[];
      /** @enum {string} */
      state: 'open' | 'closed';
      title: string;
    };
    IssueComment: {
      author: {
        id: string | null;
        /** @enum {string} */
        kind: 'person' | 'agent' | 'system';
        name: string;
      };
      body: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      /** Format: uuid */
      id: string;
    };
    IssueComments: {
      items: components['schemas']['IssueComment'][];
    };
    IssuePage: {
      items: components['schemas']['Issue'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    Key: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      expiresAt: string | null;
      /** Format: uuid */
      id: string;
      label: string;
      /** @description All that it opens; null: whatever its person may do */
      scopes: string[] | null;
    };
    Keys: {
      items: components['schemas']['Key'][];
    };
    Labelled: {
      /** @description What the started runs need and is missing: agents, programs, keys, commands of the repository */
      missing: {
        /** @description What is missing, for which steps, and the command that fixes it */
        message: string;
        pipeline: string;
        /**
         * @description `error`: the run fails before it begins; `warning`: it may fail
         * @enum {string}
         */
        severity: 'error' | 'warning';
      }[];
      number: number;
      runs: {
        /** Format: uuid */
        id: string;
        number: number;
        pipeline: string;
      }[];
    };
    Me: {
      handle: string;
      /** Format: uuid */
      id: string;
      name: string;
      organisation: {
        /** Format: uuid */
        id: string;
        name: string;
      };
      projects: {
        /** Format: uuid */
        id: string;
        name: string;
        roles: string[];
      }[];
      /** @enum {string} */
      role: 'admin' | 'author' | 'reviewer' | 'reader';
      /** @enum {string} */
      session: 'key' | 'session';
    };
    NewAbsence: {
      /** @description Handle of whoever decides meanwhile; left out: nobody */
      delegate?: string | null;
      /**
       * Format: date-time
       * @description Left out: now
       */
      from?: string;
      note?: string | null;
      /** Format: date-time */
      until: string;
    };
    NewAgent: {
      /** @enum {string} */
      adapter:
        | 'acp'
        | 'aider'
        | 'chat'
        | 'claude'
        | 'codex'
        | 'copilot'
        | 'cursor'
        | 'gemini'
        | 'opencode'
        | 'command'
        | 'playbook'
        | 'script'
        | 'rule'
        | 'api'
        | 'action'
        | 'role';
      capabilities: {
        /** @default  */
        description: string;
        /** @default null */
        inputSchema: {
          [key: string]: components['schemas']['SharedInput0'];
        } | null;
        /** @default null */
        mode: ('change' | 'analysis') | null;
        name: string;
        /** @default null */
        outputSchema: {
          [key: string]: components['schemas']['SharedInput0'];
        } | null;
        /** @default false */
        pullRequest: boolean;
      }[];
      /** @default  */
      description: string;
      entry: {
        [key: string]: components['schemas']['SharedInput1'];
      };
      /** @enum {string} */
      kind: 'LLM' | 'RULE' | 'API' | 'SCRIPT';
      /** @default {} */
      limits: {
        [key: string]: components['schemas']['SharedInput2'];
      };
      name: string;
      /** @default {} */
      permissions: {
        files?: {
          approval?: string[];
          never?: string[];
        };
        limits?: {
          filesPerCommit?: number | null;
          tokensPerTask?: number | null;
        };
        may?: {
          changeCi?: boolean;
          createBranch?: boolean;
          /** @constant */
          deleteBranch?: false;
          /** @constant */
          forcePush?: false;
          /** @constant */
          mergeToMain?: false;
          /** @constant */
          readSecrets?: false;
        };
        repositories?: {
          allowed?: string[];
          denied?: string[];
        };
      };
      /** @description Name of the project, where there are several */
      project?: string;
      /** @enum {string} */
      riskLevel: 'AUTO' | 'APPROVAL_REQUIRED';
      roles: string[];
      /** @enum {string} */
      type: 'claude' | 'codex' | 'copilot' | 'cursor' | 'gemini' | 'opencode' | 'custom';
      /** @default 1 */
      version: string;
    };
    NewBlockers: {
      /** @description Ids of tasks, or issues: `#12`, or `other#12` in another repository of the project */
      blockers: string[];
    };
    NewChannel:
      | {
          /** @constant */
          kind: 'slack';
          name: string;
          quietHours?: {
            from: string;
            timeZone: string;
            to: string;
          } | null;
          secretEnv: string;
          /** @default {} */
          settings: {
            /**
             * Format: uri
             * @default https://slack.com/api
             */
            apiUrl: string;
            /** @description Slack's id or name of it; its own name where left out */
            channel?: string;
          };
        }
      | {
          /** @constant */
          kind: 'discord';
          name: string;
          quietHours?: {
            from: string;
            timeZone: string;
            to: string;
          } | null;
          secretEnv: string;
          /** @default {} */
          settings: {
            username?: string;
          };
        }
      | {
          /** @constant */
          kind: 'teams';
          name: string;
          quietHours?: {
            from: string;
            timeZone: string;
            to: string;
          } | null;
          secretEnv: string;
          /** @default {} */
          settings: Record<string, never>;
        }
      | {
          /** @constant */
          kind: 'mail';
          name: string;
          quietHours?: {
            from: string;
            timeZone: string;
            to: string;
          } | null;
          secretEnv?: string | null;
          settings: {
            /**
             * @default starttls
             * @enum {string}
             */
            encryption: 'tls' | 'starttls' | 'none';
            from: string;
            host: string;
            port: number;
            /** @description Whom its mails go to, where a step names no `recipients` */
            to: string[];
            /** @description Signs in with the secret as password */
            user?: string;
          };
        }
      | {
          /** @constant */
          kind: 'webhook';
          name: string;
          quietHours?: {
            from: string;
            timeZone: string;
            to: string;
          } | null;
          secretEnv: string;
          settings: {
            /**
             * @default standard-webhooks
             * @enum {string}
             */
            signature: 'standard-webhooks' | 'hmac-sha256';
            /** Format: uri */
            url: string;
          };
        }
      | {
          /** @constant */
          kind: 'pager';
          name: string;
          quietHours?: {
            from: string;
            timeZone: string;
            to: string;
          } | null;
          secretEnv: string;
          /** @default {} */
          settings: {
            /**
             * Format: uri
             * @default https://events.pagerduty.com
             */
            apiUrl: string;
            /**
             * @default critical
             * @enum {string}
             */
            severity: 'critical' | 'error' | 'warning' | 'info';
          };
        };
    NewConfiguration: {
      /** @description The text of `.baton/repository.yaml` */
      config: string;
      /**
       * @description Whether one that is there is replaced
       * @default false
       */
      replace: boolean;
    };
    NewDefaultBranch: {
      branch: string;
    };
    NewIssue: {
      /** @default  */
      acceptanceCriteria: string;
      /**
       * @description Issues that its work waits for: `#12`, or `other#12` in another repository of the project
       * @default []
       */
      blockedBy: string[];
      /** @default  */
      body: string;
      /**
       * @description Each starts the active pipelines that it triggers
       * @default []
       */
      labels: string[];
      title: string;
    };
    NewIssueComment: {
      body: string;
      /**
       * @description What the issue is to be from then on; left out: as it is
       * @enum {string}
       */
      state?: 'open' | 'closed';
    };
    NewKey: {
      /** @description Left out: it lasts until it is revoked */
      expiresInDays?: number;
      /** @description What it is for */
      label: string;
      /** @description All that it opens; left out: whatever its person may do */
      scopes?: 'events:write'[];
    };
    NewLabels: {
      labels: string[];
    };
    NewOverride:
      | {
          /** @constant */
          kind: 'skip';
          /** @description Why; it is kept, and told to everybody who follows the run */
          reason: string;
          /** @description Id of the step */
          step: string;
        }
      | {
          /** @constant */
          kind: 'complete';
          /**
           * @description What the step gives to those after it
           * @default {}
           */
          output: unknown;
          /** @description Why; it is kept, and told to everybody who follows the run */
          reason: string;
          /** @description Id of the step */
          step: string;
        }
      | {
          /** @description Name of an agent */
          agent: string;
          /** @constant */
          kind: 'reassign';
          /** @description Why; it is kept, and told to everybody who follows the run */
          reason: string;
          /** @description Id of the step */
          step: string;
        }
      | {
          /** @constant */
          kind: 'reset';
          /** @description Why; it is kept, and told to everybody who follows the run */
          reason: string;
          /** @description Id of the step */
          step: string;
        }
      | {
          /** @constant */
          kind: 'pause';
          /** @description Why; it is kept, and told to everybody who follows the run */
          reason: string;
        }
      | {
          /** @constant */
          kind: 'resume';
          /** @description Why; it is kept, and told to everybody who follows the run */
          reason: string;
        }
      | {
          /** @constant */
          kind: 'cancel';
          /** @description Why; it is kept, and told to everybody who follows the run */
          reason: string;
        }
      | {
          /** @constant */
          kind: 'risk';
          /** @description Why; it is kept, and told to everybody who follows the run */
          reason: string;
          /** @enum {string} */
          tier: 'low' | 'medium' | 'high';
        };
    NewPerson: {
      handle: string;
      /** @description All that they hold in the project from then on; left out: as it is */
      jobRoles?: string[];
      /** @description Left out: as it is, of somebody new the handle */
      name?: string;
      /** @description Name of the project, where there are several */
      project?: string;
      /**
       * @description What they may do in the organisation
       * @enum {string}
       */
      role: 'admin' | 'author' | 'reviewer' | 'reader';
    };
    NewPipeline: {
      /** @default false */
      activate: boolean;
      /**
       * @description Its name in messages
       * @default pipeline.yaml
       */
      file: string;
      /** @description Name of the project, where there are several */
      project?: string;
      /** @description The YAML of the pipeline */
      source: string;
    };
    NewPolicies: {
      reason: string;
      /** @description Left out: the organisation’s own */
      repository?: string | null;
      /** @description `policies.yaml`; a repository’s need not say everything */
      source: string;
    };
    NewPull: {
      /** @description Path or URL; left out: where it was imported from */
      from?: string | null;
    };
    NewPullRequest: {
      /** @description The branch that it is for; left out: the default branch */
      base?: string;
      /** @default  */
      body: string;
      /** @description The branch with the change, pushed already */
      head: string;
      /** @default [] */
      labels: string[];
      /** @default [] */
      reviewers: string[];
      title: string;
    };
    NewPush: {
      /** @description Name of the branch there; left out: the same */
      as?: string | null;
      /** @description Left out: the default branch */
      branch?: string | null;
      /** @description Path or URL; left out: where it was imported from */
      to?: string | null;
    };
    NewRepository: {
      /** @description Default branch; where left out that of HEAD of the source, or `main` for an empty repository */
      defaultBranch?: string | null;
      name: string;
      /** @description Name of the project, where there are several */
      project?: string;
      /** @description Where it is imported from; an empty repository where left out */
      source?: string | null;
    };
    NewRun: {
      /**
       * @description `{{ context.… }}` of the pipeline; at most 64 KiB
       * @default {}
       */
      context: {
        [key: string]: unknown;
      };
      /** @description Number of an issue of that repository */
      issue?: number;
      pipeline: string;
      /** @description Name of the project, where there are several */
      project?: string;
      repository?: string;
    };
    NewSignInLink: {
      /**
       * @description Where the browser goes then
       * @default /
       */
      next: string;
    };
    NewTeam: {
      /** @description All that it holds in the project from then on; left out: as it is */
      jobRoles?: string[];
      /** @description Handles of all who are in it from then on */
      members: string[];
      name: string;
      /** @description Name of the project, where there are several */
      project?: string;
    };
    NewTerritory: {
      /** @description All files that it owns from then on, as in .gitignore; none: anywhere */
      globs: string[];
      /** @description Name of the project, where there are several */
      project?: string;
    };
    NewTrial: {
      /** @description Left out: what the branch has, else what is proposed */
      config?: string;
    };
    Notice: {
      attempts: number;
      /** @description Name of the channel */
      channel: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      /** @description Why the last try failed */
      error: {
        code: string;
        details?: {
          [key: string]: unknown;
        };
        message: string;
      } | null;
      /** @description What it is about, for programs */
      event: string;
      /** @description The end of the quiet hours that held it */
      heldUntil: string | null;
      /** Format: uuid */
      id: string;
      /** @description Number of the run that it is of */
      run: number | null;
      /** @description When it was sent, or given up */
      settledAt: string | null;
      /** @enum {string} */
      status: 'pending' | 'sent' | 'failed';
      text: string;
      title: string;
      /** @description Passes through quiet hours */
      urgent: boolean;
    };
    NoticePage: {
      items: components['schemas']['Notice'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    OpenedAbsence: {
      /** Format: uuid */
      id: string;
    };
    OpenedIssue: {
      /** Format: uuid */
      id: string;
      /** @description What the started runs need and is missing: agents, programs, keys, commands of the repository */
      missing: {
        /** @description What is missing, for which steps, and the command that fixes it */
        message: string;
        pipeline: string;
        /**
         * @description `error`: the run fails before it begins; `warning`: it may fail
         * @enum {string}
         */
        severity: 'error' | 'warning';
      }[];
      number: number;
      runs: {
        /** Format: uuid */
        id: string;
        number: number;
        pipeline: string;
      }[];
    };
    OpenedPullRequest: {
      number: number;
      runs: {
        /** Format: uuid */
        id: string;
        number: number;
        pipeline: string;
      }[];
    };
    OutsideEvent: {
      /** @description Made by the sender: the same id is the same event, taken once */
      id: string;
      /**
       * @description What filters look at, and what runs know as `context`
       * @default {}
       */
      payload: {
        [key: string]: unknown;
      };
      /** @description Name of the project, where there are several */
      project?: string;
      /** @description What it is about; left out: as the payload says */
      repository?: string;
      /** @description One of graph.file.updated, graph.symbol.changed, audit.result.*, hub.health.status, workflow.trigger.* */
      type: string;
    };
    Override: {
      /** @description Who a step was reassigned to */
      agent: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      at: string;
      /** @description One line: who did what, and why */
      briefing: string;
      /** @description Handle */
      by: string;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      kind: 'skip' | 'complete' | 'reassign' | 'reset' | 'pause' | 'resume' | 'cancel' | 'risk';
      reason: string;
      /** @description Number of the run that a reset goes on in */
      rerun: number | null;
      step: {
        id: string;
        name: string;
      } | null;
      /** @description What the run counts as from then on */
      tier: string | null;
    };
    OverrideList: {
      items: components['schemas']['Override'][];
    };
    People: {
      items: components['schemas']['Person'][];
    };
    Permissions: {
      files: {
        approval: string[];
        never: string[];
      };
      limits: {
        filesPerCommit: number | null;
        tokensPerTask: number | null;
      };
      may: {
        changeCi: boolean;
        createBranch: boolean;
        /** @constant */
        deleteBranch: false;
        /** @constant */
        forcePush: false;
        /** @constant */
        mergeToMain: false;
        /** @constant */
        readSecrets: false;
      };
      repositories: {
        allowed: string[];
        denied: string[];
      };
    };
    Person: {
      handle: string;
      /** Format: uuid */
      id: string;
      /** @description Their own; those of their teams are the teams’ */
      jobRoles: {
        project: string;
        role: string;
      }[];
      leftAt: string | null;
      name: string;
      /** @enum {string} */
      role: 'admin' | 'author' | 'reviewer' | 'reader';
      teams: string[];
    };
    Pipeline: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      changedAt: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      description: string | null;
      name: string;
      project: string;
      schedules: {
        /** @description How late a run may start after a time that nobody served */
        catchUpMs: number;
        cron: string;
        /** @description Null where it is paused, or Temporal does not say so now */
        nextAt: string | null;
        /**
         * @description What becomes of a time at which the run before is still open
         * @enum {string}
         */
        overlap: 'skip' | 'allow';
        paused: boolean;
        repository: string | null;
        timeZone: string;
      }[];
      /** @enum {string} */
      state: 'active' | 'draft' | 'archived';
      steps: number;
      triggers: unknown[];
      /** @description What it uses and is not there yet: such a pipeline cannot be activated */
      unavailable: string[];
      version: number;
    };
    PipelinePage: {
      items: components['schemas']['Pipeline'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    PipelineState: {
      /** @description Name of the project, where there are several */
      project?: string;
      /** @enum {string} */
      state: 'active' | 'draft' | 'archived';
    };
    PipelineToValidate: {
      /**
       * @description Its name in messages
       * @default pipeline.yaml
       */
      file: string;
      /** @description Name of the project, where there are several */
      project?: string;
      /** @description The YAML of the pipeline */
      source: string;
    };
    PipelineVersion: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      createdBy: string | null;
      plan: unknown;
      source: string;
      unavailable: string[];
      version: number;
    };
    PipelineVersionPage: {
      items: components['schemas']['PipelineVersion'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    PlacedConfiguration: {
      branch: string;
      commit: string;
      /** @constant */
      kind: 'committed';
      repository: string;
    };
    Policies: {
      /** @description What holds: of a repository with what the organisation says */
      holds: {
        asks: {
          high: string;
          medium: string;
        };
        /** @enum {string} */
        landsAlone: 'nothing' | 'low-risk';
        policies: {
          actions?: string[];
          agents?: string[];
          /** @description Handles and job roles */
          approvers: string[];
          atLeast: number;
          /** @enum {string} */
          kind: 'any' | 'all';
          labels?: string[];
          name: string;
          paths?: string[];
          pipelines?: string[];
          /** @description It asks by itself where one of these risk rules rates the change */
          rules?: string[];
          when?: string;
          why: string;
        }[];
        /** @description In their order: the first that names a path rates it */
        risk: {
          actions?: string[];
          agents?: string[];
          /** @enum {string} */
          kind: 'rates' | 'lowers';
          labels?: string[];
          name: string;
          paths?: string[];
          pipelines?: string[];
          /** @enum {string} */
          tier: 'low' | 'medium' | 'high';
          when?: string;
          why: string;
        }[];
      };
      /** @description Each whose policies.yaml has a version */
      owners: {
        /** @description The version that holds */
        active: number | null;
        /** @description How many versions wait for an approval */
        proposed: number;
        /** @description Null: the organisation’s own */
        repository: string | null;
      }[];
      /** @description What holds where the organisation has none of its own */
      shipped: string;
      /** @description The newest first */
      versions: {
        decidedAt: string | null;
        decidedBy: string | null;
        /** Format: uuid */
        id: string;
        note: string | null;
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        proposedAt: string;
        proposedBy: string;
        reason: string;
        /** @description Null: the organisation’s own */
        repository: string | null;
        /** @description Nobody else could approve it, so who proposed it did */
        soleMember: boolean;
        /** @description `policies.yaml` as it was proposed */
        source: string;
        /**
         * @description A proposed one holds when it is approved
         * @enum {string}
         */
        status: 'proposed' | 'active' | 'superseded' | 'rejected';
        version: number;
      }[];
    };
    PoliciesDecision: {
      /** @enum {string} */
      decision: 'approve' | 'reject';
      note?: string | null;
    };
    Preconditions: {
      /** @description What the started runs need and is missing: agents, programs, keys, commands of the repository */
      items: {
        /** @description What is missing, for which steps, and the command that fixes it */
        message: string;
        pipeline: string;
        /**
         * @description `error`: the run fails before it begins; `warning`: it may fail
         * @enum {string}
         */
        severity: 'error' | 'warning';
      }[];
    };
    Problem: {
      code: string;
      detail: string;
      details?: {
        [key: string]: unknown;
      };
      /** @description Everything that is wrong with the request, at once */
      errors: {
        message: string;
        /** @description JSON pointer; `?name` stands for a query parameter */
        pointer: string;
      }[];
      /** @description Finds the error in the log of the API */
      reference?: string;
      status: number;
      title: string;
      type: string;
    };
    Progress: {
      /** @description Items of the steps that are at work, wait or have failed; null where these have none */
      checklist: {
        done: number;
        /** @description The first item that is not done */
        next: string | null;
        of: number;
      } | null;
      /** @description Steps that have succeeded or were skipped, of all */
      steps: {
        done: number;
        of: number;
      };
    };
    ProposedPolicies: {
      /** Format: uuid */
      id: string;
    };
    Pulled: {
      /** @description Branches where Baton's import has commits that the origin lacks */
      ahead: string[];
      /** @description New branches whose name clashes with a branch that is there, as `a/b` with `a` */
      clashing: string[];
      /** @description Branches that cannot be fast-forwarded; they stay as they are */
      diverged: string[];
      /** @description Without credentials */
      from: string;
      newTags: string[];
      repository: string;
      /** @description Branches that were fast-forwarded; `before` is null where the branch is new */
      updated: {
        after: string;
        before: string | null;
        branch: string;
      }[];
      warnings: components['schemas']['ImportWarning'][];
    };
    PullRequest: {
      base: string;
      body: string;
      comments: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        at: string;
        author: string;
        body: string;
        commit: string;
        file: string;
        line: number | null;
      }[];
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      head: string;
      /** Format: uuid */
      id: string;
      labels: string[];
      mergedAt: string | null;
      mergedCommit: string | null;
      number: number;
      repository: string;
      reviewers: string[];
      reviews: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        at: string;
        author: string;
        body: string;
        /** @enum {string} */
        verdict: 'approve' | 'reject' | 'comment';
      }[];
      run: number | null;
      /** @enum {string} */
      state: 'open' | 'merged' | 'closed';
      title: string;
    };
    PullRequestPage: {
      items: components['schemas']['PullRequest'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    Pushed: {
      as: string;
      branch: string;
      commit: string;
      repository: string;
      /** @enum {string} */
      result: 'pushed' | 'up-to-date';
      /** @description Without credentials */
      to: string;
    };
    Question: {
      /** @description Who cannot go on */
      agent: string | null;
      answer: {
        by: string;
        option: string | null;
        reason: string | null;
        text: string | null;
      } | null;
      /** @description Handles and job roles of those who are asked */
      answerers: string[];
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      askedAt: string;
      /** @enum {string} */
      askedBy: 'agent' | 'system';
      /** @description The attempt that ended with it */
      attempt: number;
      /** @description Handles of the people that these are */
      canAnswer: string[];
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      expiresAt: string;
      /** @description Whether an answer may be in your own words, beside an option or in its place */
      freeText: boolean;
      /** Format: uuid */
      id: string;
      options: {
        name: string;
        says: string;
      }[];
      /** @description Name of the option that the asker would take */
      recommended: string | null;
      /** @description Why you cannot answer it; null when you can */
      refusal: {
        code: string;
        message: string;
      } | null;
      run: {
        /** Format: uuid */
        id: string;
        issue: {
          number: number;
          title: string;
        } | null;
        number: number;
        pipeline: string;
        repository: string | null;
        requestedBy: string;
      };
      settledAt: string | null;
      /** @enum {string} */
      status: 'open' | 'answered' | 'expired' | 'cancelled';
      step: {
        id: string;
        /** @description Index of a mapped step’s item */
        item: number | null;
        name: string;
      };
      text: string;
    };
    QuestionCount: {
      /** @description Open ones that you can answer */
      mine: number;
      open: number;
    };
    QuestionPage: {
      items: components['schemas']['Question'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    Refusal: {
      /** @description Who was refused it; null: nobody’s agent, a gate or a person’s work */
      agent: string | null;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      at: string;
      attempt: number;
      /** @description Such as `rule`, `glob`, `from` and `files` of a permission */
      details: {
        [key: string]: unknown;
      };
      item: number | null;
      /** @description `result`: nothing that Baton takes was left; `permission`: a rule or a territory. Null: more of them were not kept */
      kind: ('network' | 'limit' | 'result' | 'permission') | null;
      step: string;
      what: string;
    };
    RefusalPage: {
      items: components['schemas']['Refusal'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    RemovedChannel: {
      name: string;
    };
    RemovedRepository: {
      /** @description Where its files are on the server; null: they are deleted */
      files: string | null;
      /** @description Until when at least */
      keptUntil: string | null;
      name: string;
    };
    RenamedRepository: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      defaultBranch: string;
      forge: string;
      /** Format: uuid */
      id: string;
      name: string;
      openIssues: number;
      openPullRequests: number;
      project: string;
      protectedBranches: string[];
      remoteUrl: string;
      removedAt: string | null;
      /** @description Where it was imported from, without credentials */
      source: string | null;
      /** @description What still names it as before */
      warnings: string[];
    };
    Repository: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      defaultBranch: string;
      forge: string;
      /** Format: uuid */
      id: string;
      name: string;
      openIssues: number;
      openPullRequests: number;
      project: string;
      protectedBranches: string[];
      remoteUrl: string;
      removedAt: string | null;
      /** @description Where it was imported from, without credentials */
      source: string | null;
    };
    RepositoryPage: {
      items: components['schemas']['Repository'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    RepositoryProposal: {
      branch: string;
      commit: string;
      /** @description What is not sure, or missing */
      doubts: string[];
      /** @description The `.baton/repository.yaml` that the branch has already */
      existing: string | null;
      languages: {
        files: number;
        name: string;
      }[];
      packageManagers: {
        because: string;
        name: string;
      }[];
      reasons: {
        part: string;
        says: string;
      }[];
      repository: string;
      /** @description The `.baton/repository.yaml` that is proposed */
      text: string;
      /** @description Tool versions that the repository asks for */
      tools: {
        file: string;
        tool: string;
        version: string;
      }[];
    };
    RepositoryRenaming: {
      name: string;
    };
    Rerun: {
      /** @description Id of the step to begin with */
      from: string;
      /**
       * @description Parameters of that step to replace
       * @default {}
       */
      input: {
        [key: string]: unknown;
      };
    };
    ResumedAgent: {
      name: string;
    };
    RevokedKey: {
      /** Format: uuid */
      id: string;
    };
    Risk: {
      reasons: {
        /** @description Rule of policies.yaml */
        rule: string;
        /** @enum {string} */
        tier: 'low' | 'medium' | 'high';
        why: string;
      }[];
      /** @enum {string} */
      tier: 'low' | 'medium' | 'high';
    };
    Role: {
      /** @description Of the catalogue; null: a role of the project’s own, without bounds */
      actions: string[] | null;
      instructions: string;
      name: string;
      /** @description Globs of the files that it owns in the project; null: anywhere */
      territory: string[] | null;
    };
    RoleList: {
      items: components['schemas']['Role'][];
    };
    Run: {
      branch: string | null;
      briefing: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      endedAt: string | null;
      error: {
        code: string;
        details?: {
          [key: string]: unknown;
        };
        message: string;
      } | null;
      /** Format: uuid */
      id: string;
      issue: {
        number: number;
        title: string;
      } | null;
      number: number;
      /** @description Number of the run that called it */
      parent: number | null;
      /** @description Nothing new starts in it; what runs is let finish */
      paused: boolean;
      pipeline: {
        name: string;
        version: number;
      };
      priority: string;
      progress: components['schemas']['Progress'];
      project: string;
      repository: string | null;
      requestedBy: {
        handle: string;
        /** Format: uuid */
        id: string;
        name: string;
      };
      /** @description Number of the run that it repeats */
      rerunOf: number | null;
      startedAt: string | null;
      /** @enum {string} */
      status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
      workflowId: string;
    };
    RunArtifacts: {
      items: {
        attempt: number | null;
        bytes: number;
        /** @description Whether it is whole; an open one may grow */
        closed: boolean;
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        createdAt: string;
        /** Format: uuid */
        id: string;
        item: number | null;
        /** @enum {string} */
        kind: 'log' | 'output' | 'diff' | 'report' | 'events' | 'session' | 'context';
        mediaType: string;
        name: string;
        /** @description Null: of the run as a whole */
        step: string | null;
      }[];
      run: {
        endedAt: string | null;
        /** Format: uuid */
        id: string;
        number: number;
        /** @enum {string} */
        status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
      };
    };
    RunDetail: {
      artifacts: components['schemas']['Artifact'][];
      branch: string | null;
      briefing: string;
      context: {
        [key: string]: unknown;
      };
      cost: {
        /** @description Whether a list price of it is a minimum */
        isMinimum: boolean;
        /** @description The part of it that Baton computed from list prices */
        listPriceUsd: number;
        /** @description Attempts whose cost is not known */
        unknownAttempts: number;
        /** @description US dollars; null is unknown */
        usd: number | null;
      };
      coverage: {
        /** @description What they could not look at: nothing found there says nothing */
        gaps: {
          fix: string;
          repository: string;
          scan: string;
          why: string;
        }[];
        /** @description Repositories that the scans of the run were asked to look at */
        repositories: number;
      };
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      endedAt: string | null;
      error: {
        code: string;
        details?: {
          [key: string]: unknown;
        };
        message: string;
      } | null;
      graph: {
        nodes: {
          /** @description As the pipeline names it: any, same, role:…, or a name */
          agent: string | null;
          dependsOn: string[];
          does: string | null;
          id: string;
          /** @enum {string} */
          kind: 'action' | 'agent' | 'approval' | 'pipeline' | 'handoff';
          mapped: boolean;
          name: string;
          when: string | null;
        }[];
      };
      /** Format: uuid */
      id: string;
      issue: {
        number: number;
        title: string;
      } | null;
      lineage: {
        children: {
          /** Format: uuid */
          id: string;
          number: number;
          pipeline: string;
          /** @enum {string} */
          status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
        }[];
        parent: {
          /** Format: uuid */
          id: string;
          number: number;
          pipeline: string;
          /** @enum {string} */
          status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
        } | null;
        rerunFrom: string | null;
        rerunOf: {
          /** Format: uuid */
          id: string;
          number: number;
          pipeline: string;
          /** @enum {string} */
          status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
        } | null;
        reruns: {
          /** Format: uuid */
          id: string;
          number: number;
          pipeline: string;
          /** @enum {string} */
          status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
        }[];
      };
      number: number;
      /** @description How people stepped in, in order */
      overrides: components['schemas']['Override'][];
      /** @description Number of the run that called it */
      parent: number | null;
      /** @description Nothing new starts in it; what runs is let finish */
      paused: boolean;
      pipeline: {
        name: string;
        version: number;
      };
      priority: string;
      progress: components['schemas']['Progress'];
      project: string;
      pullRequests: components['schemas']['PullRequest'][];
      repository: string | null;
      requestedBy: {
        handle: string;
        /** Format: uuid */
        id: string;
        name: string;
      };
      /** @description Number of the run that it repeats */
      rerunOf: number | null;
      startedAt: string | null;
      /** @enum {string} */
      status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
      steps: components['schemas']['Step'][];
      task: {
        /** Format: uuid */
        id: string;
        status: string;
        title: string;
        type: string;
      } | null;
      trigger: {
        [key: string]: unknown;
      };
      warnings: string[];
      workflowId: string;
    };
    RunDiff: {
      base: string;
      commit: string;
      /** @description Whether the diff was longer than what is shown */
      cut: boolean;
      /** @description Unified diff */
      diff: string;
      files: {
        added: number | null;
        path: string;
        removed: number | null;
        /** @enum {string} */
        status: 'added' | 'modified' | 'deleted' | 'type-changed';
      }[];
      repository: string;
    };
    RunFinding: {
      attempt: number;
      commit: string;
      file: string | null;
      fix: string | null;
      /** @description Null: a reviewer’s */
      gate: string | null;
      /** @description Index of a mapped step’s item */
      item: number | null;
      line: number | null;
      message: string;
      rule: string;
      /** @enum {string} */
      severity: 'critical' | 'high' | 'medium' | 'low' | 'info';
      step: string;
    };
    RunFindingPage: {
      items: components['schemas']['RunFinding'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    RunPage: {
      items: components['schemas']['Run'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    SavedAgent: {
      /** Format: uuid */
      id: string;
      name: string;
    };
    SavedChannel: {
      /** Format: uuid */
      id: string;
      name: string;
    };
    SavedPerson: {
      handle: string;
    };
    SavedPipeline: {
      name: string;
      /** @enum {string} */
      state: 'active' | 'draft' | 'archived';
      version: number;
      warnings: {
        code: string;
        column: number;
        file: string;
        hint: string | null;
        line: number;
        message: string;
        pointer: string;
        /** @enum {string} */
        severity: 'error' | 'warning';
      }[];
    };
    SavedTeam: {
      name: string;
    };
    SavedTerritory: {
      globs: string[];
      role: string;
    };
    SetUp: {
      attempt: number;
      command: string;
      commit: string;
      endedAt: string | null;
      error: string | null;
      /** @description The artifact with what the command prints, live; null: it did not run */
      log: string | null;
      /** @enum {string} */
      network: 'none' | 'host';
      /**
       * @description What the worktree is made ready for
       * @enum {string}
       */
      purpose: 'agent' | 'gates';
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      startedAt: string;
      /**
       * @description `cached`: the result of an earlier set-up was taken over
       * @enum {string}
       */
      status: 'running' | 'succeeded' | 'cached' | 'failed' | 'cancelled';
    };
    SharedInput0: unknown;
    SharedInput1: unknown;
    SharedInput2: unknown;
    SharedOutput0: unknown;
    SharedOutput1: unknown;
    SharedOutput2: unknown;
    SignInLink: {
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      expiresAt: string;
      /** @description To be opened once, in a browser; relative to this address */
      url: string;
    };
    Step: {
      approval: components['schemas']['Approval'] | null;
      artifacts: components['schemas']['Artifact'][];
      attempts: components['schemas']['Attempt'][];
      /** @description What is to do in it, in order */
      checklist: components['schemas']['ChecklistItem'][];
      commit: string | null;
      cost: {
        /** @description Whether a list price of it is a minimum */
        isMinimum: boolean;
        /** @description The part of it that Baton computed from list prices */
        listPriceUsd: number;
        /** @description Attempts whose cost is not known */
        unknownAttempts: number;
        /** @description US dollars; null is unknown */
        usd: number | null;
      };
      endedAt: string | null;
      error: {
        code: string;
        details?: {
          [key: string]: unknown;
        };
        message: string;
      } | null;
      id: string;
      input: unknown;
      /** @description Index of a mapped step’s item */
      item: number | null;
      kind: string;
      name: string;
      output: unknown;
      /** @description What it asked of people, oldest first */
      questions: components['schemas']['Question'][];
      /** @description How its worktrees were made ready, oldest first */
      setUps: components['schemas']['SetUp'][];
      startedAt: string | null;
      /** @enum {string} */
      status: 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
      /** @description How long it usually takes: the median of the newest times; null where there are too few */
      usualSeconds: number | null;
    };
    TakenEvent: {
      /** @description Whether it was taken before */
      duplicate: boolean;
      id: string;
      /** @description What it started */
      runs: {
        /** Format: uuid */
        id: string;
        number: number;
        pipeline: string;
      }[];
      type: string;
    };
    Task: {
      /** @description Files that its commits changed */
      affectedFiles: string[];
      agent: string | null;
      assignedAt: string | null;
      blockedBy: string[];
      blocks: string[];
      branch: string | null;
      commits: string[];
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      estimatedCompletion: string | null;
      /** Format: uuid */
      id: string;
      /** @description How it is linted and tested, where that is not the repository’s own way */
      instructions: {
        [key: string]: unknown;
      };
      /** @description Number of the issue that it came from */
      issue: number | null;
      /** @enum {string} */
      priority: 'P0' | 'P1' | 'P2' | 'P3';
      /** @description Of its newest run */
      progress: components['schemas']['Progress'] | null;
      pullRequests: number[];
      repository: string;
      requestedBy: string;
      /** @description The action that it was last assigned for */
      requiredCapability: string | null;
      runs: number[];
      /** @enum {string} */
      status:
        'pending' | 'in-progress' | 'testing' | 'ready-for-review' | 'completed' | 'blocked' | 'failed' | 'retrying';
      title: string;
      /** @enum {string} */
      type: 'feature' | 'bugfix' | 'refactor' | 'docs' | 'review' | 'test' | 'audit';
    };
    TaskPage: {
      items: components['schemas']['Task'][];
      /** @description Cursor of the next page; null on the last */
      next: string | null;
    };
    Team: {
      jobRoles: {
        project: string;
        role: string;
      }[];
      /** @description Handles */
      members: string[];
      name: string;
    };
    Teams: {
      items: components['schemas']['Team'][];
    };
    Trace: {
      approvals: {
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        at: string;
        by: string;
        note: string | null;
        run: number;
        step: string;
        /** @enum {string} */
        verdict: 'approve' | 'reject';
      }[];
      /** @description Null where a run or an issue was asked for */
      commit: string | null;
      /** @description And back: every commit of the runs, in order */
      commits: {
        agent: string | null;
        commit: string;
        run: number;
        step: string;
      }[];
      issue: {
        author: string;
        authorName: string;
        number: number;
        title: string;
      } | null;
      /**
       * @description What was asked for: a step’s commit, an attempt’s that was not taken, the landed change, a run, an issue
       * @enum {string}
       */
      kind: 'step' | 'attempt' | 'merge' | 'run' | 'issue';
      /** @description The newest of the pull requests */
      pullRequest: {
        mergedCommit: string | null;
        number: number;
        repository: string;
        run: number;
        state: string;
        title: string;
      } | null;
      pullRequests: {
        mergedCommit: string | null;
        number: number;
        repository: string;
        run: number;
        state: string;
        title: string;
      }[];
      repository: string | null;
      requestedBy: {
        handle: string;
        name: string;
      };
      /** @description The newest of the runs */
      run: {
        /** Format: uuid */
        id: string;
        number: number;
        pipeline: string;
        status: string;
        workflowId: string;
      };
      runs: {
        /** Format: uuid */
        id: string;
        number: number;
        pipeline: string;
        status: string;
      }[];
      step: {
        agent: string | null;
        attempt: number | null;
        id: string;
        name: string;
      } | null;
      task: {
        /** Format: uuid */
        id: string;
        status: string;
        title: string;
        type: string;
      } | null;
    };
    Trial: {
      commit: string;
      config: string;
      /**
       * Format: date-time
       * @description ISO 8601, UTC
       */
      createdAt: string;
      endedAt: string | null;
      /** @description Why it could not be made */
      error: {
        code: string;
        details?: {
          [key: string]: unknown;
        };
        message: string;
      } | null;
      /** Format: uuid */
      id: string;
      /** @description Its log, which grows while it runs */
      logArtifact: string | null;
      /** @description Whether it is done and set-up and every gate passed */
      passed: boolean;
      /** @description What passed; null unless the trial is done */
      passedParts: {
        /** @description The configuration without the rest; null: no part passed */
        config: string | null;
        /** @description Parts of the configuration that did not pass */
        leftOut: string[];
      } | null;
      phases: {
        command: string | null;
        durationMs: number | null;
        exitCode: number | null;
        /** @description How to fix it, where the output does not say */
        mend: string | null;
        /** @description `setup`, or a gate */
        name: string;
        /**
         * Format: date-time
         * @description ISO 8601, UTC
         */
        startedAt: string;
        /** @enum {string} */
        status: 'running' | 'pass' | 'fail' | 'inconclusive';
        summary: string;
        /** @description The end of the output */
        tail: string;
      }[];
      repository: string;
      requestedBy: string;
      /** @enum {string} */
      status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
    };
    TrialList: {
      items: components['schemas']['Trial'][];
    };
    Unlabelled: {
      labels: string[];
      number: number;
    };
    Validation: {
      /** @description Every error and warning, in the order of the file */
      diagnostics: {
        code: string;
        column: number;
        file: string;
        hint: string | null;
        line: number;
        message: string;
        pointer: string;
        /** @enum {string} */
        severity: 'error' | 'warning';
      }[];
      name: string | null;
      steps: number | null;
      unavailable: string[];
      valid: boolean;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listAgentPrograms: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AgentPrograms'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getBriefing: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        taskId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Briefing'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAgents: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AgentPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  saveAgent: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewAgent'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedAgent'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAgent: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AgentDetail'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAgentAttempts: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AgentAttemptPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeAgent: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ResumedAgent'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listApprovals: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description `risk`: the riskiest, of those the oldest first */
        order?: 'newest' | 'oldest' | 'risk';
        /** @description Id, number or workflow id of a run */
        run?: string;
        /** @description `settled`: any but open, the last settled first */
        status?: 'open' | 'approved' | 'rejected' | 'expired' | 'cancelled' | 'settled';
        /** @description Open ones that you can decide, or that you cannot */
        waiting?: 'me' | 'others';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApprovalPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getApproval: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Approval'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  discussApproval: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Comment'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Commented'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  decideApproval: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Decision'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Decided'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getApprovalDiff: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDiff'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  countApprovals: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApprovalCount'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readArtifact: {
    parameters: {
      query?: {
        /** @description Only what follows so many bytes */
        offset?: string;
        /** @description Only the last so many bytes */
        tail?: string;
      };
      header?: {
        /** @description One range of bytes, such as `bytes=0-99` or `bytes=-100` */
        Range?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `bytes` */
          'Accept-Ranges'?: string;
          /** @description The length of the whole so far */
          'Baton-Artifact-Bytes'?: string;
          /** @description `false` while it can still grow */
          'Baton-Artifact-Closed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': unknown;
          'application/octet-stream': unknown;
          'text/plain': unknown;
          'text/x-diff': unknown;
        };
      };
      /** @description A part */
      206: {
        headers: {
          /** @description `bytes` */
          'Accept-Ranges'?: string;
          /** @description The length of the whole so far */
          'Baton-Artifact-Bytes'?: string;
          /** @description `false` while it can still grow */
          'Baton-Artifact-Closed'?: string;
          /** @description Which part: `bytes first-last/whole` */
          'Content-Range'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': unknown;
          'application/octet-stream': unknown;
          'text/plain': unknown;
          'text/x-diff': unknown;
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        action?: string;
        actor?: string;
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        outcome?: 'success' | 'failure' | 'denied' | 'unknown';
        resource?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  exportAudit: {
    parameters: {
      query?: {
        action?: string;
        actor?: string;
        outcome?: 'success' | 'failure' | 'denied' | 'unknown';
        resource?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': components['schemas']['ExportedAuditEntry'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  verifyAudit: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditVerdict'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listBreakers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BreakerList'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  previewBulk: {
    parameters: {
      query: {
        /** @description `rerun`: from the step that a run failed or was cancelled at */
        action: 'pause' | 'resume' | 'cancel' | 'rerun';
        issue?: string;
        pipeline?: string;
        /** @description Name of the project, where there are several */
        project?: string;
        /** @description Words in the pipeline, repository, issue title or briefing */
        q?: string;
        repository?: string;
        /** @description One or several, with commas */
        status?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BulkPreview'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  actInBulk: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BulkAct'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BulkResult'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listChannels: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ChannelPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  saveChannel: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewChannel'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedChannel'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeChannel: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RemovedChannel'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listEscalations: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Id, number or workflow id of a run */
        run?: string;
        status?: 'open' | 'cleared' | 'ended';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EscalationPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  followEvents: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Of the JSON page; a stream is always oldest first */
        order?: 'asc' | 'desc';
        /** @description One or several, with commas */
        type?: string;
      };
      header?: {
        /** @description The `id` of the last event that was read: the stream goes on after it */
        'Last-Event-ID'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventPage'];
          'text/event-stream': components['schemas']['Event'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  sendEvent: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['OutsideEvent'];
      };
    };
    responses: {
      /** @description Done */
      202: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TakenEvent'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Me'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listAbsences: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Absences'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  openAbsence: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewAbsence'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OpenedAbsence'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endAbsence: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OpenedAbsence'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listKeys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Keys'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewKey'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedKey'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeKey: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RevokedKey'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listNotices: {
    parameters: {
      query?: {
        channel?: string;
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description `failed`: the dead letters */
        status?: 'pending' | 'sent' | 'failed';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NoticePage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resendNotice: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Done */
      202: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Notice'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPeople: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['People'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  savePerson: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewPerson'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedPerson'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  dismissPerson: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        handle: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedPerson'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createKeyFor: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        handle: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewKey'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedKey'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPipelines: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Name of the project, where there are several */
        project?: string;
        state?: 'active' | 'draft' | 'archived';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PipelinePage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  savePipeline: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewPipeline'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedPipeline'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPipeline: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pipeline'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setPipelineState: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PipelineState'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ChangedPipeline'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPipelineVersions: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PipelineVersionPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  validatePipeline: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PipelineToValidate'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Validation'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPolicies: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
        /** @description Left out: those of the organisation */
        repository?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Policies'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  proposePolicies: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewPolicies'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProposedPolicies'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  decidePolicies: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PoliciesDecision'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DecidedPolicies'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listQuestions: {
    parameters: {
      query?: {
        /** @description Id of the agent that cannot go on */
        agent?: string;
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        order?: 'newest' | 'oldest';
        /** @description Id, number or workflow id of a run */
        run?: string;
        /** @description `settled`: any but open */
        status?: 'open' | 'answered' | 'expired' | 'cancelled' | 'settled';
        /** @description Open ones that you can answer, or that you cannot */
        waiting?: 'me' | 'others';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QuestionPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getQuestion: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Question'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  answerQuestion: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['Answer'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Answered'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  countQuestions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QuestionCount'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRepositories: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Name of the project, where there are several */
        project?: string;
        /** @description Those that are removed and can be brought back, in place of the others */
        removed?: 'true';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RepositoryPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addRepository: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewRepository'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddedRepository'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRepository: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Repository'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeRepository: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
        /** @description Delete the files at once, also of one of that name that was removed before */
        purge?: 'true';
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RemovedRepository'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  acceptRepositoryConfig: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewConfiguration'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PlacedConfiguration'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  setDefaultBranch: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewDefaultBranch'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ChangedDefaultBranch'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listIssues: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        label?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Name of the project, where there are several */
        project?: string;
        state?: 'open' | 'closed';
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['IssuePage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  openIssue: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewIssue'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OpenedIssue'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getIssue: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Issue'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listIssueComments: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['IssueComments'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  commentIssue: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
        number: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewIssueComment'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CommentedIssue'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addLabels: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
        number: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewLabels'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Labelled'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeLabel: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        label: string;
        name: string;
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Unlabelled'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPreconditions: {
    parameters: {
      query: {
        pipeline: string;
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Preconditions'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  proposeRepositoryConfig: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RepositoryProposal'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pullRepository: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['NewPull'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pulled'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPullRequests: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Name of the project, where there are several */
        project?: string;
        state?: 'open' | 'merged' | 'closed';
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PullRequestPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  openPullRequest: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewPullRequest'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OpenedPullRequest'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getPullRequest: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PullRequest'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pushRepository: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['NewPush'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Pushed'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  renameRepository: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RepositoryRenaming'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RenamedRepository'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  restoreRepository: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Repository'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  traceNamedCommit: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        commit: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Trace'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTrials: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TrialList'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  startTrial: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['NewTrial'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Trial'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getTrial: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        id: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Trial'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelTrial: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      202: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Trial'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRoles: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RoleList'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  saveTerritory: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        role: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTerritory'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedTerritory'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRuns: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        issue?: string;
        /** @description 1 to 200 */
        limit?: string;
        pipeline?: string;
        /** @description Name of the project, where there are several */
        project?: string;
        /** @description Words in the pipeline, repository, issue title or briefing */
        q?: string;
        repository?: string;
        /** @description One or several, with commas */
        status?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createRun: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewRun'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedRun'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDetail'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  exportActivity: {
    parameters: {
      query?: {
        attempt?: string;
        /** @description Only what failed, and errors */
        failed?: 'true';
        /** @description Index of a mapped step’s item */
        item?: string;
        /** @description Words that are all in an event’s texts, in whatever case */
        q?: string;
        /** @description Id of a step */
        step?: string;
        /** @description One or several, with commas */
        type?: string;
      };
      header?: never;
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': components['schemas']['ActivityLine'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRunArtifacts: {
    parameters: {
      query?: {
        /** @description One or several, with commas */
        kind?: string;
        /** @description Only those of this step */
        step?: string;
      };
      header?: never;
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunArtifacts'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelRun: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Cancellation'];
      };
    };
    responses: {
      /** @description Done */
      202: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Cancelled'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRunDiff: {
    parameters: {
      query?: {
        /** @description Id of a step; the whole run where left out */
        step?: string;
      };
      header?: never;
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunDiff'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  followRunEvents: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Of the JSON page; a stream is always oldest first */
        order?: 'asc' | 'desc';
        /** @description One or several, with commas */
        type?: string;
      };
      header?: {
        /** @description The `id` of the last event that was read: the stream goes on after it */
        'Last-Event-ID'?: string;
      };
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventPage'];
          'text/event-stream': components['schemas']['Event'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRunFindings: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
      };
      header?: {
        /** @description `application/json`, or `application/sarif+json`: then there are no pages */
        Accept?: string;
      };
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunFindingPage'];
          'application/sarif+json': unknown;
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listOverrides: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OverrideList'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  overrideRun: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewOverride'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Override'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRefusals: {
    parameters: {
      query?: {
        attempt?: string;
        /** @description `next` of the page before */
        cursor?: string;
        /** @description Index of a mapped step’s item */
        item?: string;
        /** @description 1 to 200 */
        limit?: string;
        /** @description Id of a step */
        step?: string;
      };
      header?: never;
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RefusalPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rerunRun: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        /** @description Id, number or workflow id (percent-encoded) */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Rerun'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedRun'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  endSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createSignInLink: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['NewSignInLink'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignInLink'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTasks: {
    parameters: {
      query?: {
        /** @description `next` of the page before */
        cursor?: string;
        /** @description 1 to 200 */
        limit?: string;
        priority?: 'P0' | 'P1' | 'P2' | 'P3';
        project?: string;
        repository?: string;
        status?:
          'pending' | 'in-progress' | 'testing' | 'ready-for-review' | 'completed' | 'blocked' | 'failed' | 'retrying';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TaskPage'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getTask: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addBlockers: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewBlockers'];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeBlocker: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        blocker: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Task'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTeams: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Teams'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  saveTeam: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTeam'];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedTeam'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeTeam: {
    parameters: {
      query?: never;
      header?: {
        /** @description 1 to 200 visible ASCII characters: sent again with it, the request is done once */
        'Idempotency-Key'?: string;
      };
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          /** @description `true` where this is the answer of an earlier request with the same key */
          'Idempotency-Replayed'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SavedTeam'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  trace: {
    parameters: {
      query?: {
        /** @description Name of the project, where there are several */
        project?: string;
      };
      header?: never;
      path: {
        /** @description A commit (7 or more hex digits), a run (`#7`, its id or workflow id) or an issue (`repository#3`), percent-encoded */
        reference: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Trace'];
        };
      };
      /** @description Refused */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
