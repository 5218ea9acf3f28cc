package com.cognitionos.audit.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditExportTest {

    @ParameterizedTest
    @DisplayName("AUD-6: a cell is no formula, and commas, quotes and line ends stay inside it")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "=1+1|'=1+1",
                "+1|'+1",
                "-1|'-1",
                "@SUM(A1)|'@SUM(A1)",
                "`\t=1`|`'\t=1`",
                "`\r=1`|`\"'\r=1\"`",
                "=HYPERLINK(\"http://x\",\"y\")|\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
                "a,b|\"a,b\"",
                "`two\nlines`|`\"two\nlines\"`",
                "plain 1+1|plain 1+1"
            })
    void cells(String value, String cell) {
        assertThat(AuditExport.cell(value)).isEqualTo(cell);
    }
}
