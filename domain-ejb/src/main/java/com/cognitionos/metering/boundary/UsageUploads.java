package com.cognitionos.metering.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.Leases;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.control.UploadContents;
import com.cognitionos.metering.control.UploadLog;
import com.cognitionos.metering.control.UploadPlaces;
import com.cognitionos.metering.entity.UsageColumns;
import com.cognitionos.metering.entity.UsageColumns.Fault;
import com.cognitionos.metering.entity.UsageColumns.Meaning;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.metering.entity.UsageUpload;
import com.cognitionos.metering.entity.UsageUpload.Status;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Files of usage (MET-23, MET-24): read when they come, shown to whoever brought them, and taken in part by part once that
 * person says so.
 */
@Stateless
@TenantWall
public class UsageUploads {

    public static final long MAX_BYTES = 25L << 20;
    public static final int MAX_ROWS = 250_000;

    /** That have rows which are not taken in, of a tenant. */
    public static final int MOST_OPEN = 5;

    /** Of which the rejected rows are kept, of a tenant. */
    static final int MOST_KEPT = 20;

    /** As often one is begun again that breaks off before anything of it was taken in. */
    private static final int MOST_TRIES = 5;

    private static final String LEASE = "usage-upload:";
    private static final int MAX_NAME = 255;
    private static final int SAMPLE = 5;
    private static final Duration UNCONFIRMED_KEPT = Duration.ofDays(7);

    /** A file is held in memory by a line and a part of it, so few at once bound it. */
    private static final Semaphore READERS = new Semaphore(4);

    private static final long RETRY_AFTER_S = 5;

    @Inject
    private Sql sql;

    @Inject
    private UploadLog log;

    @Inject
    private UploadPlaces places;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private TenantLock locks;

    @Inject
    @ConfigProperty(name = "cognitionos.usage.uploads-kept-days", defaultValue = "30")
    private int daysKept;

    @EJB
    private Plans plans;

    @EJB
    private UsageEvents events;

    @EJB
    private Leases leases;

    @EJB
    private UsageUploadStarter starter;

    @EJB
    private UsageUploads self;

    /** The first rows of a file. @param meanings of its columns */
    public record Sample(List<Meaning> meanings, List<List<String>> rows) {}

    /** An upload that is to be worked on. */
    public record Due(UUID tenant, UUID upload) {}

    /**
     * A place for a file that a program brings, asked for before its body is read.
     *
     * @throws Problem CONFLICT ({@code too_many_uploads}) while others wait; UNAVAILABLE ({@code overloaded}) while too many are
     *     being brought
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public UsageEvents.Place enter() {
        // In a transaction of its own, whose end cannot lose the place.
        self.requireRoom();
        return places.enter(Caller.currentTenant());
    }

    /** For {@link #enter}. @throws Problem CONFLICT ({@code too_many_uploads}) */
    public void requireRoom() {
        requireOpen(MOST_OPEN - 1);
    }

    /**
     * Reads a file and keeps it; nothing of it counts before {@link #start}. One that cannot be read is entered as refused, with
     * what is wrong with it.
     *
     * @param fileName as its owner calls it; only the end of one that is too long
     * @param bytes its size
     * @throws Problem INVALID for one that is too large; CONFLICT ({@code too_many_uploads}) while others wait; UNAVAILABLE
     *     ({@code overloaded}) while too many are being read
     */
    public UsageUpload check(String fileName, long bytes, InputStream content) {
        if (bytes > MAX_BYTES) {
            throw Problem.invalid(
                    "file", "too_large", "the file is larger than " + (MAX_BYTES >> 20) + " MB; split it into several");
        }
        // Before it is read; what others bring meanwhile is counted once it is.
        requireRoom();
        if (!READERS.tryAcquire()) {
            throw Problem.unavailable(
                    "overloaded", "Several files are being read at the moment; try again shortly.", RETRY_AFTER_S);
        }
        try {
            UUID id = Ids.next();
            log.begin(new UploadLog.Begun(
                    id, name(fileName), bytes, Caller.current().subject(), clock.system()));
            log.read(
                    id,
                    UploadContents.read(
                            content,
                            plans.meters().stream().map(Meter::code).collect(Collectors.toSet()),
                            MAX_ROWS,
                            part -> log.keep(id, part)));
            locks.take(TenantLock.Purpose.UPLOADING);
            requireOpen(MOST_OPEN);
            log.keepRejected(MOST_KEPT);
            return get(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            READERS.release();
        }
    }

    private void requireOpen(int most) {
        if (log.open() > most) {
            throw Problem.conflict(
                    "too_many_uploads",
                    "There are " + MOST_OPEN
                            + " uploads with rows that are not taken in. Take them in or discard them first.");
        }
    }

    /** Without the folders that some browsers send with it, and without what could not be shown. */
    private static String name(String given) {
        String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1)
                .replaceAll("\\p{Cntrl}", "")
                .strip();
        String named = last.isEmpty() ? "usage.csv" : last;
        return named.substring(Math.max(0, named.length() - MAX_NAME));
    }

    /** @throws Problem NOT_FOUND */
    public UsageUpload get(UUID id) {
        return log.find(id).orElseThrow(() -> Problem.notFound("upload"));
    }

    /** The newest first. */
    public Page<UsageUpload> list(Page.Request page) {
        return log.list(page);
    }

    /** What its first rows are taken for; empty once it is under way. @throws Problem NOT_FOUND */
    public Optional<Sample> sample(UUID id) {
        UsageUpload upload = get(id);
        return upload.status() != Status.CHECKED
                ? Optional.empty()
                : log.part(id, 0)
                        .map(part -> new Sample(
                                columns(upload).meanings(),
                                UploadContents.rows(part.content()).stream()
                                        .limit(SAMPLE)
                                        .map(UploadContents.Row::cells)
                                        .toList()));
    }

    private static UsageColumns columns(UsageUpload upload) {
        UsageColumns columns = UsageColumns.of(upload.header()).columns();
        if (columns == null) {
            throw new IllegalStateException("the header of upload " + upload.id() + " was refused");
        }
        return columns;
    }

    /**
     * Takes it in from where it is, for the first time or after it was stopped or failed. It goes on by itself, also after a
     * restart.
     *
     * @throws Problem NOT_FOUND; CONFLICT ({@code wrong_state}) for one that is under way or over, ({@code file_gone}) for one
     *     whose file is not kept any more
     */
    public UsageUpload start(UUID id) {
        UsageUpload before = log.locked(id).orElseThrow(() -> Problem.notFound("upload"));
        if (!before.isStartable()) {
            throw before.isLeftOff()
                    ? Problem.conflict("file_gone", "The file is not kept any more; upload it again.")
                    : Problem.conflict(
                            "wrong_state", "The upload is " + before.status().code() + ", so it cannot be started.");
        }
        log.queue(id);
        UsageUpload after = get(id);
        audit.record("usage_upload.started", id.toString(), state(before), state(after));
        starter.start(Caller.currentTenant(), id);
        return after;
    }

    /**
     * Ends it after the rows that are just being taken in; those that were stay.
     *
     * @throws Problem NOT_FOUND; CONFLICT ({@code wrong_state}) for one that is not under way
     */
    public UsageUpload stop(UUID id) {
        UsageUpload before = log.locked(id).orElseThrow(() -> Problem.notFound("upload"));
        if (!before.isUnderWay()) {
            throw Problem.conflict(
                    "wrong_state", "The upload is " + before.status().code() + ", so there is nothing to stop.");
        }
        log.end(id, Status.STOPPED, null, clock.system());
        UsageUpload after = get(id);
        audit.record("usage_upload.stopped", id.toString(), state(before), state(after));
        return after;
    }

    private static Map<String, Object> state(UsageUpload upload) {
        return Map.of(
                "file_name", upload.fileName(),
                "status", upload.status().code(),
                "rows", upload.rows(),
                "read", upload.read());
    }

    /**
     * Forgets one of which nothing was taken in, and of one that was stopped or failed the rows that were not: it stays in the
     * list, and cannot go on.
     *
     * @throws Problem NOT_FOUND; CONFLICT ({@code wrong_state}) for one that is under way or over
     */
    public void discard(UUID id) {
        UsageUpload upload = log.locked(id).orElseThrow(() -> Problem.notFound("upload"));
        if (upload.status() == Status.CHECKED || upload.status() == Status.REFUSED) {
            log.delete(id);
        } else if (upload.isLeftOff() && upload.rest()) {
            log.letGoRest(id);
            audit.record("usage_upload.discarded", id.toString(), state(upload), null);
        } else {
            throw Problem.conflict(
                    "wrong_state",
                    "The upload is " + upload.status().code() + ", so there is nothing of it to discard.");
        }
    }

    /** Why rows were rejected so far, by code, the most frequent first. @throws Problem NOT_FOUND */
    public Map<String, Integer> reasons(UUID id) {
        get(id);
        return log.reasons(id);
    }

    /**
     * The rejected rows as a file that can be mended and uploaded again: as they stood, with the line, the code and the reason.
     * It is read part by part as it is written.
     *
     * @throws Problem NOT_FOUND, also where they are not kept any more
     */
    public Csv.Content rejected(UUID id) {
        UsageUpload upload = get(id);
        if (!upload.kept()) {
            throw Problem.notFound("file of rejected rows");
        }
        List<Integer> parts = log.rejectedParts(id);
        UsageColumns columns = columns(upload);
        return out -> {
            out.write(line(columns.headerOfRejected()));
            for (int part : parts) {
                out.write(self.rejected(id, part));
            }
        };
    }

    /** For {@link #rejected(UUID)}: the lines of one part. */
    public String rejected(UUID id, int part) {
        UsageColumns columns = columns(get(id));
        Map<Integer, Fault> rejections = log.rejections(id, part);
        List<UploadContents.Row> rows = log.part(id, part)
                .map(found -> UploadContents.rows(found.content()))
                .orElse(List.of());
        StringBuilder lines = new StringBuilder();
        rejections.forEach((index, why) -> {
            UploadContents.Row row = rows.get(index);
            lines.append(line(columns.rejected(row.cells(), row.line(), why)));
        });
        return lines.toString();
    }

    private static String line(List<String> cells) {
        Csv.Line line = new Csv.Line();
        cells.forEach(line::text);
        return line.toString();
    }

    /** Of each tenant the one that comes next and that nobody works on; for the platform. */
    public List<Due> due(int limit) {
        return sql.query(
                """
                SELECT tenant_id, id FROM (
                    SELECT DISTINCT ON (u.tenant_id) u.tenant_id, u.id FROM usage_uploads u
                    WHERE u.status IN ('queued', 'running') ORDER BY u.tenant_id, u.id) AS first
                WHERE NOT EXISTS (SELECT FROM leases l WHERE l.name = ? || first.tenant_id AND l.until >= now())
                ORDER BY id LIMIT ?""",
                row -> new Due(row.getObject("tenant_id", UUID.class), row.getObject("id", UUID.class)),
                LEASE,
                limit);
    }

    /** The lease by which a tenant's uploads are worked on, one after another. */
    public static String lease(UUID tenant) {
        return LEASE + tenant;
    }

    /** For the platform. @return empty while somebody works on it, or another of its tenant, and where it is at its end */
    public Optional<Lease> take(Due due) {
        return leases.take(
                lease(due.tenant()),
                () -> sql.queryOne(
                                "SELECT 1 FROM usage_uploads WHERE tenant_id = ? AND id = ? AND status IN ('queued', 'running')",
                                row -> 1,
                                due.tenant(),
                                due.upload())
                        .isPresent());
    }

    /** For who has the lease, as are those that follow. @return false where it is over, or was tried too often */
    public boolean begin(UUID id) {
        int tries = log.tried(id, clock.system());
        if (tries > MOST_TRIES) {
            log.end(id, Status.FAILED, "internal", clock.system());
            return false;
        }
        return tries > 0;
    }

    /**
     * Takes in the next thousand rows, by the way of all usage, and enters what became of them, all in one transaction: a row
     * is told as taken once, whenever the server ends.
     *
     * @return whether there may be more
     */
    public boolean takeNext(UUID id) {
        UsageUpload upload = log.locked(id).filter(UsageUpload::isUnderWay).orElse(null);
        if (upload == null) {
            return false;
        }
        UploadContents.Part part = log.next(id).orElse(null);
        if (part == null) {
            log.end(id, Status.COMPLETED, null, clock.system());
            return false;
        }
        UsageColumns columns = columns(upload);
        SortedMap<Integer, UsageEvent> readable = new TreeMap<>();
        List<Rejection> unreadable = new ArrayList<>();
        int index = 0;
        for (UploadContents.Row row : UploadContents.rows(part.content())) {
            UsageColumns.Row read = columns.read(row.cells());
            Fault fault = read.fault();
            UsageEvent event = read.event();
            if (event != null) {
                readable.put(index, event);
            } else if (fault != null) {
                unreadable.add(new Rejection(index, fault.code(), fault.detail()));
            }
            index++;
        }
        IngestResult result = readable.isEmpty() ? new IngestResult(0, 0, List.of()) : events.ingest(readable);
        log.taken(id, part.position(), result.with(unreadable));
        boolean more =
                log.locked(id).filter(after -> after.read() < after.rows()).isPresent();
        if (!more) {
            log.end(id, Status.COMPLETED, null, clock.system());
        }
        return more;
    }

    /**
     * Lets go of files that are old enough, and of uploads that nobody said a word on; for the platform.
     *
     * @return how many parts and uploads
     */
    public int tidyUp() {
        Instant now = clock.system();
        int parts = sql.update("""
                DELETE FROM usage_upload_parts p USING usage_uploads u
                WHERE u.tenant_id = p.tenant_id AND u.id = p.upload_id AND u.ended_at < ?""", now.minus(Duration.ofDays(daysKept)));
        int uploads = sql.update(
                "DELETE FROM usage_uploads WHERE status IN ('refused', 'checked') AND created_at < ?",
                now.minus(UNCONFIRMED_KEPT));
        return parts + uploads;
    }
}
