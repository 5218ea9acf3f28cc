package com.cognitionos.kernel.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.metering.boundary.UsageUploads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** POR-9 and POR-4. */
class FormLimitsTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET, -, -1, false, 0",
                "HEAD, -, -1, false, 0",
                "POST, application/x-www-form-urlencoded, 1048576, false, 0",
                "POST, application/x-www-form-urlencoded;charset=UTF-8, 10, false, 0",
                "POST, -, 0, false, 0",
                "POST, application/x-www-form-urlencoded, 1048577, false, 413",
                "POST, multipart/form-data; boundary=x, 10, false, 415",
                "POST, application/json, 10, false, 415",
                "POST, application/x-www-form-urlencoded, -1, true, 411",
                "PUT, -, -1, false, 405",
                "TRACE, -, -1, false, 405",
                "RUBBISH, -, -1, false, 405",
            })
    void onlySmallFormsComeIn(String method, @Nullable String type, long length, boolean chunked, int refusal) {
        assertThat(FormLimits.refusal(method, type, length, chunked)).isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET, -, -1, false, 0",
                "POST, multipart/form-data; boundary=x, 1000, false, 0",
                "POST, Multipart/Form-Data; boundary=x, 66536, false, 0",
                "POST, multipart/form-data; boundary=x, 66537, false, 413",
                "POST, multipart/form-data; boundary=x, -1, true, 411",
                "PUT, multipart/form-data; boundary=x, 10, false, 405",
                "POST, text/csv, 10, false, 415",
                "POST, application/x-www-form-urlencoded, 10, false, 0",
            })
    void aFileComesInWhereOneIsAskedFor(
            String method, @Nullable String type, long length, boolean chunked, int refusal) {
        assertThat(FormLimits.refusalOfFile(method, type, length, chunked, 1000))
                .isEqualTo(refusal);
    }

    @Test
    void theAddressOfUploadsTakesWhatAnUploadMayHave() throws IOException {
        assertThat(Files.readString(Path.of("src/main/webapp/WEB-INF/web.xml")).replaceAll("\\s+", ""))
                .contains("<param-name>/usage-upload-file</param-name><param-value>" + UsageUploads.MAX_BYTES
                        + "</param-value>");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/keys, -, false",
                "/keys, '', false",
                "/keys, stateless, false",
                "/keys, abc, false",
                "/keys, cnViYmlzaCBhbmQgbW9yZSBydWJiaXNo, false",
                "/keys, MDAxMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmYwMDAwMDAwMQ==, true",
                "/sign-in, rubbish, false",
                "/sign-in, stateless, true",
                "/sign-in, -, false",
            })
    void aFormBringsTheSecretOfItsPage(String path, @Nullable String state, boolean good) {
        assertThat(ViewStateGate.isGood(path, state)).isEqualTo(good);
    }
}
