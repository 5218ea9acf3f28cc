package com.cognitionos.metering.boundary;

import com.cognitionos.kernel.Csv;
import java.util.List;

/** A series as a file, a line for each point. */
public final class SeriesFile {

    private static final List<String> COLUMNS = List.of("start", "end", "meter", "unit", "group", "quantity");

    /** What stands for all groups that have no lines of their own. */
    private static final String OTHERS = "(other)";

    private SeriesFile() {}

    public static Csv.Content of(Usage.Series series) {
        return out -> {
            out.write(Csv.header(COLUMNS));
            for (Usage.Point point : series.points()) {
                out.write(new Csv.Line()
                        .text(point.start())
                        .text(point.end())
                        .text(series.meter().code())
                        .text(series.meter().unit())
                        .text(point.others() ? OTHERS : point.group())
                        .text(point.quantity().toPlainString())
                        .toString());
            }
        };
    }
}
