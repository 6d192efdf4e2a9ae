package io.ecluse.spark;

import io.ecluse.serve.Answer;
import io.ecluse.serve.Ask;
import io.ecluse.warehouse.Moment;
import io.ecluse.warehouse.OpenJob;
import io.ecluse.warehouse.Warehouse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * The catalog of the run whose job asks, by the token of that job: which every process knows, where
 * tickets are known to the one that made them. Each is behind the fence of the attempt that follows
 * the job now. Safe for use by several threads.
 */
final class JobCatalogs {
  private static final int MOST = 256;

  private final JobStore jobs;
  private final SparkEngines.Writing writing;
  private final TablesUsed used = new TablesUsed();
  private final Map<Key, String> tickets = new HashMap<>();
  private final Deque<Key> order = new ArrayDeque<>();

  JobCatalogs(JobStore jobs, SparkEngines.Writing writing) {
    this.jobs = jobs;
    this.writing = writing;
  }

  /** What a ticket is for. */
  private record Key(String tokenHash, SparkJob.Work work) {}

  Answer answer(Ask ask) {
    Optional<String> hash = JobHandlers.token(ask).map(Tokens::hash);
    Optional<SparkJob> job =
        hash.flatMap(jobs::withToken).filter(j -> j.state() == SparkJob.State.RUNNING);
    if (job.isEmpty()) {
      return JobHandlers.error(401, "This token is of no job that is wanted");
    }
    Map<String, String> headers = new HashMap<>(ask.headers());
    headers.keySet().removeIf(name -> name.equalsIgnoreCase("Authorization"));
    headers.put(
        "Authorization", "Bearer " + ticket(new Key(hash.get(), job.get().work()), job.get()));
    Answer answer =
        writing
            .catalogs()
            .apply(new Ask(ask.method(), ask.path(), ask.query(), headers, ask.body()));
    used.seen(job.get().id(), ask, answer)
        .ifPresent(
            facts -> jobs.tell(job.get().id(), List.of(), Optional.empty(), Optional.of(facts)));
    return answer;
  }

  /** What a job sees of what is published, whichever process answers. */
  private Moment moment(String job) {
    return JsonMapper.shared()
        .readValue(
            jobs.moment(job, () -> JsonMapper.shared().writeValueAsString(writing.now().get())),
            Moment.class);
  }

  private synchronized String ticket(Key key, SparkJob job) {
    String known = tickets.get(key);
    if (known != null) {
      return known;
    }
    SparkJob.Work work = key.work();
    Map<String, String> marks = new HashMap<>(job.marks());
    marks.put(Warehouse.JOB, job.id());
    String ticket =
        writing
            .writers()
            .ticket(
                work.runId(),
                writing.fences().of(work.runId(), work.taskId(), work.attempt()),
                new OpenJob(marks, Optional.of(moment(job.id()))));
    tickets.put(key, ticket);
    order.add(key);
    if (order.size() > MOST) {
      Optional.ofNullable(tickets.remove(order.remove())).ifPresent(writing.writers()::end);
    }
    return ticket;
  }
}
