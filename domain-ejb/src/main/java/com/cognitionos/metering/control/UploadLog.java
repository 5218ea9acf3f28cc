package com.cognitionos.metering.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.IngestResult;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.entity.UsageColumns.Fault;
import com.cognitionos.metering.entity.UsageUpload;
import com.cognitionos.metering.entity.UsageUpload.Status;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Uploads of the caller's tenant, as the database has them. */
@ApplicationScoped
public class UploadLog {

    private static final String UPLOADS = """
            SELECT u.*, EXISTS (SELECT FROM usage_upload_parts p
                WHERE p.tenant_id = u.tenant_id AND p.upload_id = u.id AND p.taken_in) AS kept,
                EXISTS (SELECT FROM usage_upload_parts p
                WHERE p.tenant_id = u.tenant_id AND p.upload_id = u.id AND NOT p.taken_in) AS rest
            FROM usage_uploads u WHERE u.tenant_id = ?""";

    @Inject
    private Sql sql;

    /** An upload that is to be read. */
    public record Begun(UUID id, String fileName, long bytes, String uploadedBy, Instant at) {}

    private static UsageUpload upload(ResultSet row) throws SQLException {
        return new UsageUpload(
                row.getObject("id", UUID.class),
                row.getString("file_name"),
                row.getLong("bytes"),
                texts(row, "header"),
                row.getString("separator").charAt(0),
                row.getInt("rows"),
                row.getInt("doubtful"),
                texts(row, "notes"),
                Status.of(row.getString("status")),
                row.getString("reason"),
                row.getString("uploaded_by"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "ended_at"),
                row.getInt("read"),
                row.getInt("taken"),
                row.getInt("duplicates"),
                row.getInt("rejected"),
                row.getBoolean("kept"),
                row.getBoolean("rest"));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    public Optional<UsageUpload> find(UUID id) {
        return sql.queryOne(UPLOADS + " AND u.id = ?", UploadLog::upload, tenant(), id);
    }

    /** As {@link #find}; until the transaction ends nobody else changes it. */
    public Optional<UsageUpload> locked(UUID id) {
        return sql.queryOne(UPLOADS + " AND u.id = ? FOR UPDATE OF u", UploadLog::upload, tenant(), id);
    }

    /** The newest first. */
    public Page<UsageUpload> list(Page.Request page) {
        long total = sql.queryOne(
                        "SELECT count(*) FROM usage_uploads WHERE tenant_id = ?", row -> row.getLong(1), tenant())
                .orElse(0L);
        List<UsageUpload> found = sql.query(
                UPLOADS + " ORDER BY u.id DESC LIMIT ? OFFSET ?",
                UploadLog::upload,
                tenant(),
                page.pageSize(),
                page.offset());
        return new Page<>(found, total, page.page(), page.pageSize());
    }

    /** How many have rows that are not taken in: those that wait or run, and those that were stopped or broke off. */
    public int open() {
        return sql.queryOne(
                        "SELECT count(DISTINCT upload_id) FROM usage_upload_parts WHERE tenant_id = ? AND NOT taken_in",
                        row -> row.getInt(1),
                        tenant())
                .orElse(0);
    }

    /** Keeps the rejected rows of the newest only. */
    public void keepRejected(int newest) {
        sql.update("""
                DELETE FROM usage_upload_parts WHERE tenant_id = ? AND taken_in AND upload_id IN (
                    SELECT upload_id FROM usage_upload_parts WHERE tenant_id = ?
                    GROUP BY upload_id HAVING bool_and(taken_in) ORDER BY upload_id DESC OFFSET ?)""", tenant(), tenant(), newest);
    }

    /** What is not taken in of it. */
    public void letGoRest(UUID id) {
        sql.update(
                "DELETE FROM usage_upload_parts WHERE tenant_id = ? AND upload_id = ? AND NOT taken_in", tenant(), id);
    }

    public void begin(Begun begun) {
        sql.update("""
                INSERT INTO usage_uploads (tenant_id, id, file_name, bytes, header, separator, rows, doubtful, notes, status,
                                           uploaded_by, created_at)
                VALUES (?, ?, ?, ?, '{}', ',', 0, 0, '{}', 'checked', ?, ?)""", tenant(), begun.id(), begun.fileName(), begun.bytes(), begun.uploadedBy(), begun.at());
    }

    public void keep(UUID id, UploadContents.Part part) {
        sql.update(
                "INSERT INTO usage_upload_parts (tenant_id, upload_id, position, rows, content) VALUES (?, ?, ?, ?, ?)",
                tenant(),
                id,
                part.position(),
                part.rows(),
                part.content());
    }

    /** What was found in it; of one that is refused nothing is kept. */
    public void read(UUID id, UploadContents found) {
        boolean refused = found.reason() != null;
        if (refused) {
            sql.update("DELETE FROM usage_upload_parts WHERE tenant_id = ? AND upload_id = ?", tenant(), id);
        }
        sql.update(
                """
                UPDATE usage_uploads SET header = ?, separator = ?, rows = ?, doubtful = ?, notes = ?, status = ?, reason = ?
                WHERE tenant_id = ? AND id = ?""",
                new Sql.Array("text", found.header().toArray()),
                String.valueOf(found.separator()),
                found.rows(),
                found.doubtful(),
                new Sql.Array("text", found.notes().toArray()),
                refused ? Status.REFUSED.code() : Status.CHECKED.code(),
                found.reason(),
                tenant(),
                id);
    }

    public void delete(UUID id) {
        sql.update("DELETE FROM usage_uploads WHERE tenant_id = ? AND id = ?", tenant(), id);
    }

    /** Puts it among those that wait. */
    public void queue(UUID id) {
        sql.update("""
                UPDATE usage_uploads SET status = 'queued', reason = NULL, ended_at = NULL, tries = 0
                WHERE tenant_id = ? AND id = ?""", tenant(), id);
    }

    /** @return how often it was begun since something of it was taken in; 0 for one that does not wait or run */
    public int tried(UUID id, Instant at) {
        return sql.queryOne("""
                        UPDATE usage_uploads SET status = 'running', started_at = coalesce(started_at, ?), tries = tries + 1
                        WHERE tenant_id = ? AND id = ? AND status IN ('queued', 'running') RETURNING tries""", row -> row.getInt(1), at, tenant(), id).orElse(0);
    }

    public void end(UUID id, Status status, @Nullable String reason, Instant at) {
        sql.update("""
                UPDATE usage_uploads SET status = ?, reason = ?, ended_at = ?
                WHERE tenant_id = ? AND id = ? AND status IN ('queued', 'running')""", status.code(), reason, at, tenant(), id);
    }

    /** The first part that is not taken in. */
    public Optional<UploadContents.Part> next(UUID id) {
        return sql.queryOne("""
                SELECT position, rows, content FROM usage_upload_parts
                WHERE tenant_id = ? AND upload_id = ? AND NOT taken_in ORDER BY position LIMIT 1""", UploadLog::part, tenant(), id);
    }

    public Optional<UploadContents.Part> part(UUID id, int position) {
        return sql.queryOne(
                "SELECT position, rows, content FROM usage_upload_parts WHERE tenant_id = ? AND upload_id = ? AND position = ?",
                UploadLog::part,
                tenant(),
                id,
                position);
    }

    private static UploadContents.Part part(ResultSet row) throws SQLException {
        return new UploadContents.Part(row.getInt("position"), row.getInt("rows"), row.getString("content"));
    }

    /** A part was taken in; it is kept only for its rejected rows. */
    public void taken(UUID id, int position, IngestResult result) {
        List<Rejection> rejected = result.rejected();
        if (rejected.isEmpty()) {
            sql.update(
                    "DELETE FROM usage_upload_parts WHERE tenant_id = ? AND upload_id = ? AND position = ?",
                    tenant(),
                    id,
                    position);
        } else {
            sql.update(
                    "UPDATE usage_upload_parts SET taken_in = true WHERE tenant_id = ? AND upload_id = ? AND position = ?",
                    tenant(),
                    id,
                    position);
            sql.update(
                    """
                    INSERT INTO usage_upload_rejections (tenant_id, upload_id, part, row, code, detail)
                    SELECT ?, ?, ?, r.row, r.code, r.detail FROM unnest(?::integer[], ?::text[], ?::text[]) AS r (row, code, detail)""",
                    tenant(),
                    id,
                    position,
                    new Sql.Array(
                            "int4", rejected.stream().map(Rejection::index).toArray()),
                    new Sql.Array("text", rejected.stream().map(Rejection::code).toArray()),
                    new Sql.Array(
                            "text", rejected.stream().map(Rejection::detail).toArray()));
        }
        sql.update(
                """
                UPDATE usage_uploads SET read = read + ?, taken = taken + ?, duplicates = duplicates + ?, rejected = rejected + ?,
                    tries = 0
                WHERE tenant_id = ? AND id = ?""",
                result.accepted() + result.duplicates() + rejected.size(),
                result.accepted(),
                result.duplicates(),
                rejected.size(),
                tenant(),
                id);
    }

    /** The parts that have rejected rows, in order. */
    public List<Integer> rejectedParts(UUID id) {
        return sql.query(
                "SELECT position FROM usage_upload_parts WHERE tenant_id = ? AND upload_id = ? AND taken_in ORDER BY position",
                row -> row.getInt(1),
                tenant(),
                id);
    }

    /** Why rows of a part were rejected, by their place in it. */
    public Map<Integer, Fault> rejections(UUID id, int part) {
        Map<Integer, Fault> found = new LinkedHashMap<>();
        sql.query(
                        """
                        SELECT row, code, detail FROM usage_upload_rejections
                        WHERE tenant_id = ? AND upload_id = ? AND part = ? ORDER BY row""",
                        row -> Map.entry(row.getInt("row"), new Fault(row.getString("code"), row.getString("detail"))),
                        tenant(),
                        id,
                        part)
                .forEach(one -> found.put(one.getKey(), one.getValue()));
        return found;
    }

    /** The most frequent reasons, with how many rows each. */
    public Map<String, Integer> reasons(UUID id) {
        Map<String, Integer> found = new LinkedHashMap<>();
        sql.query("""
                        SELECT code, count(*) AS rows FROM usage_upload_rejections
                        WHERE tenant_id = ? AND upload_id = ? GROUP BY code ORDER BY count(*) DESC, code""", row -> Map.entry(row.getString("code"), row.getInt("rows")), tenant(), id)
                .forEach(one -> found.put(one.getKey(), one.getValue()));
        return found;
    }

    private static UUID tenant() {
        return Caller.currentTenant();
    }
}
