package com.cognitionos.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTest {

    @ParameterizedTest
    @DisplayName("AUD-6, KER-7: a cell is no formula, and commas, quotes and line ends stay inside it")
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
        assertThat(Csv.cell(value)).isEqualTo(cell);
    }

    @Test
    @DisplayName(
            "KER-7: amounts have the decimals of their currency, are numbers still below 0, and empty cells stay empty")
    void amounts() {
        assertThat(new Csv.Line()
                        .amount(-1_250, "USD")
                        .amount(5, "EUR")
                        .amount(1_250, "JPY")
                        .amount(-1_250, "KWD")
                        .number(-1_250L)
                        .text(null)
                        .text("-1")
                        .toString())
                .isEqualTo("-12.50,0.05,1250,-1.250,-1250,,'-1\r\n");
    }
}
