package com.cognitionos.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What one wants to know once it runs. */
record Banner(List<String> lines) {

    static Banner of(Settings settings, DataDirectory data) throws IOException {
        var base = settings.baseUrl();
        var lines = new ArrayList<String>();
        lines.add("CognitionOS is running");
        lines.add("");
        lines.add("Portal        " + base + "/");
        lines.add("API           " + base + "/api/v3");
        lines.add("API explorer  " + base + "/openapi/ui/");
        if (Files.isRegularFile(data.demoSignIns())) {
            lines.add("");
            lines.add("Demo sign-ins");
            Files.readAllLines(data.demoSignIns()).stream()
                    .filter(line -> !line.isBlank())
                    .map(line -> "  " + line.strip())
                    .forEach(lines::add);
        }
        lines.add("");
        if (Files.isRegularFile(data.operatorKey())) {
            lines.add("Operator key  in " + data.operatorKey());
        }
        lines.add("Data          " + data.root());
        lines.add("Logs          " + data.logs());
        lines.add("");
        lines.add("Ctrl-C stops it.");
        return new Banner(List.copyOf(lines));
    }

    @Override
    public String toString() {
        int width = lines.stream().mapToInt(String::length).max().orElse(0);
        var box = new StringBuilder();
        box.append('┌').append("─".repeat(width + 2)).append('┐').append('\n');
        for (var line : lines) {
            box.append("│ ")
                    .append(line)
                    .append(" ".repeat(width - line.length()))
                    .append(" │\n");
        }
        return box.append('└').append("─".repeat(width + 2)).append('┘').toString();
    }
}
