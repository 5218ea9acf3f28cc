package com.cognitionos.metering.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.Ids;
import com.cognitionos.metering.control.UploadContents;
import com.cognitionos.metering.control.UploadLog;
import com.cognitionos.metering.entity.UsageUpload;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** MET-23: what is kept of a tenant's files is bounded. */
class UploadsKeptTest {

    private final UsageTenant tenant;
    private final UploadLog log;

    UploadsKeptTest() throws Exception {
        tenant = new UsageTenant(UsageDatabase.shared());
        log = tenant.database.bean(UploadLog.class);
    }

    /** Of so many parts, of which so many are taken in and have a rejected row. */
    private UUID brought(int parts, int takenIn) throws Exception {
        UUID id = Ids.next();
        tenant.as(null, () -> {
            log.begin(new UploadLog.Begun(id, "u.csv", 1, "user:someone", tenant.now));
            IntStream.range(0, parts).forEach(n -> log.keep(id, new UploadContents.Part(n, 1, "2,a,tokens,-1")));
            return null;
        });
        tenant.database.run(List.of("UPDATE usage_upload_parts SET taken_in = true WHERE upload_id = '" + id
                + "' AND position < " + takenIn));
        return id;
    }

    private UsageUpload upload(UUID id) {
        return tenant.as(null, () -> log.find(id)).orElseThrow();
    }

    @Test
    void theRejectedRowsOfTheNewestFilesAreKept() throws Exception {
        UUID oldest = brought(2, 2);
        UUID underWay = brought(2, 1);
        UUID older = brought(1, 1);
        UUID newest = brought(1, 1);

        tenant.as(null, () -> {
            log.keepRejected(2);
            return null;
        });

        assertThat(upload(oldest).kept()).isFalse();
        assertThat(upload(older).kept()).isTrue();
        assertThat(upload(newest).kept()).isTrue();
        assertThat(upload(underWay).kept()).as("which has rows to take in").isTrue();
        assertThat(upload(underWay).rest()).isTrue();
    }

    @Test
    void thoseWithRowsThatAreNotTakenInAreOpen() throws Exception {
        brought(1, 1);
        UUID begun = brought(3, 1);
        brought(1, 0);
        assertThat(tenant.as(null, log::open)).isEqualTo(2);

        tenant.as(null, () -> {
            log.letGoRest(begun);
            return null;
        });

        assertThat(tenant.as(null, log::open)).isEqualTo(1);
        assertThat(upload(begun).kept()).as("its rejected rows").isTrue();
        assertThat(upload(begun).rest()).isFalse();
    }
}
