package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.LeaseLost;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.metering.boundary.UsageUploads;
import com.cognitionos.metering.entity.UsageUpload;
import com.cognitionos.metering.entity.UsageUpload.Status;
import jakarta.ejb.EJB;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Usage by file")
class UsageUploadIT extends InContainer {

    private static final String HEADER = "event_id,meter,quantity,occurred_at,region\r\n";
    private static final Instant NOW = Dates.at("2026-03-10");

    @EJB
    private UsageUploads uploads;

    private Company company() {
        return world.open(Tier.PRO, "2026-01-15").on("2026-03-10");
    }

    private static String rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "e" + i + ",tokens,2," + NOW + ",eu\r\n")
                .collect(Collectors.joining());
    }

    private UsageUpload bring(Company company, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return company.as(() -> uploads.check("C:\\files\\usage.csv", bytes.length, new ByteArrayInputStream(bytes)));
    }

    private UsageUpload get(Company company, UUID id) {
        return company.as(() -> uploads.get(id));
    }

    private UsageUpload ended(Company company, UUID id) {
        return Await.until("the upload to end", () -> get(company, id), upload -> !upload.isUnderWay());
    }

    private String rejected(Company company, UUID id) {
        return company.as(() -> {
            StringWriter out = new StringWriter();
            try {
                uploads.rejected(id).writeTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return out.toString();
        });
    }

    private long parts(UUID upload) {
        return owner.count("SELECT count(*) FROM usage_upload_parts WHERE upload_id = ?", upload);
    }

    @Test
    @DisplayName(
            "MET-23, MET-24: nothing counts before the word, then each row is told once, and the rejected ones can be mended")
    void theWholeStory() {
        Company company = company();
        company.sends(Company.event("e7", "tokens", "3", NOW));
        UsageUpload checked = bring(
                company,
                HEADER + rows(0, 1500) + "e3,tokens,2.0," + NOW + ",eu\r\nbad,bananas,1,,\r\n=1+1,tokens,-1,,\r\n"
                        + "\"quoted, one\",tokens,x,,\r\nshort,tokens\r\n" + rows(1500, 2200));

        assertThat(checked.status()).isEqualTo(Status.CHECKED);
        assertThat(checked.fileName()).isEqualTo("usage.csv");
        assertThat(checked.rows()).isEqualTo(2205);
        assertThat(checked.doubtful()).isEqualTo(3);
        assertThat(checked.notes())
                .containsExactly(
                        "Line 1503: There is no meter bananas.",
                        "Line 1505: The quantity must be a number such as 1250 or 0.5.",
                        "Line 1506: The line has 2 cells, the first line has 5.");
        assertThat(company.as(() -> uploads.sample(checked.id())).orElseThrow().rows())
                .hasSize(5)
                .first()
                .satisfies(cells -> assertThat(cells).startsWith("e0", "tokens", "2"));
        assertThat(company.usage("tokens", "2026-03-01", "2026-04-01")).isEqualByComparingTo("3");

        company.does(() -> uploads.start(checked.id()));
        UsageUpload done = ended(company, checked.id());

        assertThat(done.status()).isEqualTo(Status.COMPLETED);
        assertThat(done.taken()).isEqualTo(2199);
        assertThat(done.duplicates()).isEqualTo(1);
        assertThat(done.rejected()).isEqualTo(5);
        assertThat(company.usage("tokens", "2026-03-01", "2026-04-01")).isEqualByComparingTo("4401");
        assertThat(company.as(() -> uploads.reasons(done.id())))
                .containsEntry("invalid_quantity", 2)
                .containsEntry("id_conflict", 1)
                .containsEntry("unknown_meter", 1)
                .containsEntry("malformed", 1);
        assertThat(parts(done.id())).as("parts without rejected rows are gone").isEqualTo(2);
        String file = rejected(company, done.id());
        assertThat(file.lines())
                .containsExactly(
                        "event_id,meter,quantity,occurred_at,region,rejected_line,rejected_code,rejected_reason",
                        "e7,tokens,2," + NOW
                                + ",eu,9,id_conflict,An event with this id and other content was accepted before.",
                        file.lines().skip(2).findFirst().orElseThrow(),
                        "'=1+1,tokens,'-1,,,1504,invalid_quantity,quantity must not be negative.",
                        "\"quoted, one\",tokens,x,,,1505,invalid_quantity,The quantity must be a number such as 1250 or 0.5.",
                        "short,tokens,,,,1506,malformed,\"The line has 2 cells, the first line has 5.\"");
        assertThat(file.lines().skip(2).findFirst().orElseThrow())
                .startsWith("bad,bananas,1,,,1503,unknown_meter,\"There is no meter bananas; there are ");

        UsageUpload mended = bring(company, file.replace("'-1", "1").replace("bananas", "tokens"));
        assertThat(mended.doubtful()).as("those that still are what they were").isEqualTo(2);
        company.does(() -> uploads.start(mended.id()));
        assertThat(ended(company, mended.id()))
                .extracting(UsageUpload::taken, UsageUpload::duplicates, UsageUpload::rejected)
                .containsExactly(2, 0, 3);
        assertThat(owner.count(
                        "SELECT count(*) FROM usage_records WHERE tenant_id = ? AND event_id = '=1+1'", company.id()))
                .as("without the mark that keeps a spreadsheet from computing it")
                .isEqualTo(1);
        assertThat(company.as(() -> uploads.list(new Page.Request(1, 1))).total())
                .isEqualTo(2);
    }

    @Test
    @DisplayName("MET-24: when its node is gone another goes on where it was, and what a late one does leaves nothing")
    void goesOnAfterItsNodeIsGone() {
        Company company = company();
        String lease = UsageUploads.lease(company.id());
        owner.update(
                "INSERT INTO leases (name, holder, until) VALUES (?, 'a node that is gone', now() + interval '1 h')",
                lease);
        long fence = owner.count("SELECT fence FROM leases WHERE name = ?", lease);
        UUID id = bring(company, HEADER + rows(0, 2500)).id();
        company.does(() -> uploads.start(id));
        Lease gone = new Lease(lease, fence);
        gone.run(() -> company.does(() -> {
            assertThat(uploads.begin(id)).isTrue();
            assertThat(uploads.takeNext(id)).isTrue();
        }));
        assertThat(get(company, id))
                .extracting(UsageUpload::status, UsageUpload::read, UsageUpload::taken)
                .containsExactly(Status.RUNNING, 1000, 1000);

        owner.update("UPDATE leases SET until = now() - interval '1 s' WHERE name = ?", lease);
        UsageUpload done = ended(company, id);

        assertThat(done)
                .extracting(UsageUpload::status, UsageUpload::taken, UsageUpload::duplicates)
                .containsExactly(Status.COMPLETED, 2500, 0);
        assertThat(company.usage("tokens", "2026-03-01", "2026-04-01")).isEqualByComparingTo("5000");
        UUID next = bring(company, HEADER + rows(3000, 3001)).id();
        owner.update(
                "INSERT INTO leases (name, holder, until) VALUES (?, 'another', now() + interval '1 h') ON CONFLICT (name) DO UPDATE SET fence = excluded.fence, until = excluded.until",
                lease);
        company.does(() -> uploads.start(next));
        assertThatThrownBy(() -> gone.run(() -> company.does(() -> uploads.takeNext(next))))
                .isInstanceOf(LeaseLost.class);
        assertThat(get(company, next).read()).isZero();
        assertThat(company.usage("tokens", "2026-03-01", "2026-04-01")).isEqualByComparingTo("5000");
        for (int i = 0; i < 5; i++) {
            assertThat(company.as(() -> uploads.begin(next))).isTrue();
        }
        assertThat(company.as(() -> uploads.begin(next))).as("a sixth time").isFalse();
        assertThat(get(company, next).status()).isEqualTo(Status.FAILED);
        owner.update("DELETE FROM leases WHERE name = ?", lease);
        company.does(() -> uploads.start(next));
        assertThat(ended(company, next).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    @DisplayName(
            "MET-23, MET-24: it is stopped, goes on and is discarded only where that makes sense; what waits is bounded, and files go")
    void stoppedAndBounded() {
        Company company = company();
        String lease = UsageUploads.lease(company.id());
        owner.update("INSERT INTO leases (name, holder, until) VALUES (?, 'held', now() + interval '1 h')", lease);
        UUID id = bring(company, HEADER + rows(0, 1001)).id();
        company.does(() -> assertRefused(Kind.CONFLICT, () -> uploads.stop(id)));
        company.does(() -> {
            uploads.start(id);
            assertRefused(Kind.CONFLICT, () -> uploads.start(id));
        });
        company.does(() -> assertRefused(Kind.CONFLICT, () -> uploads.discard(id)));
        company.does(() -> uploads.takeNext(id));
        assertThat(company.as(() -> uploads.stop(id)).status()).isEqualTo(Status.STOPPED);
        assertThat(company.as(() -> uploads.takeNext(id)))
                .as("after it was stopped")
                .isFalse();
        assertThat(get(company, id).read()).isEqualTo(1000);
        company.does(() -> uploads.start(id));
        owner.update("DELETE FROM leases WHERE name = ?", lease);
        assertThat(ended(company, id)).extracting(UsageUpload::taken).isEqualTo(1001);
        company.does(() -> assertRefused(Kind.NOT_FOUND, () -> uploads.rejected(id)));

        UsageUpload refused = bring(company, "a,b\r\n1,2\r\n");
        assertThat(refused.status()).isEqualTo(Status.REFUSED);
        assertThat(refused.notes()).hasSize(3);
        owner.update("INSERT INTO leases (name, holder, until) VALUES (?, 'held', now() + interval '1 h')", lease);
        UUID left = bring(company, HEADER + rows(2000, 4001)).id();
        company.does(() -> uploads.start(left));
        company.does(() -> uploads.takeNext(left));
        company.does(() -> uploads.stop(left));
        UUID last = IntStream.range(0, UsageUploads.MOST_OPEN - 1)
                .mapToObj(i -> bring(company, HEADER + rows(0, 1)).id())
                .reduce((before, after) -> after)
                .orElseThrow();
        assertRefused(Kind.CONFLICT, () -> bring(company, HEADER + rows(0, 1)));
        company.does(() -> uploads.discard(left));
        assertThat(get(company, left))
                .extracting(UsageUpload::status, UsageUpload::taken, UsageUpload::rest)
                .containsExactly(Status.STOPPED, 1000, false);
        company.does(() -> assertRefused(Kind.CONFLICT, () -> uploads.start(left)));
        company.does(() -> assertRefused(Kind.CONFLICT, () -> uploads.discard(left)));
        List<Crowd.Outcome<UsageUpload>> three =
                crowd.jammedAt("usage_upload_parts", 3, i -> () -> bring(company, HEADER + rows(0, 1)));
        assertThat(three)
                .as("for the place that was left")
                .filteredOn(outcome -> outcome.thrown() == null)
                .hasSize(1);
        company.does(() -> uploads.discard(last));
        assertThat(parts(last)).isZero();
        UUID whole = bring(company, HEADER + rows(5000, 5001)).id();
        company.does(() -> uploads.start(whole));
        company.does(() -> uploads.takeNext(whole));
        assertThat(get(company, whole).status()).as("with its last rows").isEqualTo(Status.COMPLETED);
        company.does(() -> assertRefused(Kind.CONFLICT, () -> uploads.stop(whole)));
        owner.update("DELETE FROM leases WHERE name = ?", lease);
        company.does(() -> three.forEach(outcome -> {
            if (outcome.thrown() == null) {
                uploads.discard(outcome.result().id());
            }
        }));
        UsageUpload bad = bring(company, HEADER + "a,tokens,-1,,\r\n");
        company.does(() -> uploads.start(bad.id()));
        assertThat(ended(company, bad.id()).kept()).isTrue();
        company.does(() -> assertRefused(
                Kind.INVALID,
                () -> uploads.check("x", UsageUploads.MAX_BYTES + 1, new ByteArrayInputStream(new byte[0]))));

        owner.update(
                "UPDATE usage_uploads SET created_at = created_at - interval '8 days' WHERE tenant_id = ?",
                company.id());
        owner.update(
                "UPDATE usage_uploads SET ended_at = ended_at - interval '31 days' WHERE tenant_id = ?", company.id());
        World.OPERATOR.run(uploads::tidyUp);
        assertThat(company.as(() -> uploads.list(new Page.Request(1, 100))).items())
                .extracting(UsageUpload::id, UsageUpload::kept)
                .containsExactly(tuple(bad.id(), false), tuple(whole, false), tuple(left, false), tuple(id, false));
    }
}
