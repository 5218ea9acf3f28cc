package com.cognitionos.identity.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.gosimple.nbvcxz.resources.DictionaryUtil;

/**
 * Passwords that anybody would try (IDE-3): the 100,000 commonest of nbvcxz's list of leaked ones, and since hardly 500 of
 * those have twelve characters, also the ways in which people make longer ones of them. What takes little to describe, as
 * one from the list with a year or a word, a few common words, rows of keys, counting and repetition, is common.
 */
final class CommonPasswords {

    /** That many parts may be common words or rows; more of them make a passphrase. */
    private static final int FEW_PARTS = 3;

    /** Of the list: two of its entries are 33 bits, one with something common about 25. */
    private static final int LISTED_COSTS = 2;

    private static final int SHORTEST_LISTED = 5;
    private static final int LONGEST_LISTED = 28;
    private static final int SHORTEST_ROW = 3;
    private static final int LONGEST_DISGUISED = 20;
    private static final int SHORTEST_OWN_WORD = 3;

    private static final Pattern FILLING = Pattern.compile("[^\\p{L}\\p{N}]");
    private static final Pattern YEAR = Pattern.compile("\\d{1,4}");

    private static final List<String> ROWS = Stream.of(
                    "abcdefghijklmnopqrstuvwxyz",
                    "01234567890",
                    "qwertyuiop",
                    "qwertzuiop",
                    "azertyuiop",
                    "asdfghjkl",
                    "zxcvbnm",
                    "yxcvbnm",
                    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
                    "q1w2e3r4t5y6u7i8o9p0",
                    "1q2w3e4r5t6y7u8i9o0p",
                    "!@#$%^&*()",
                    "!\"§$%&/()=")
            .flatMap(row -> Stream.of(row, new StringBuilder(row).reverse().toString()))
            .toList();

    private static final Set<String> WORDS = words();
    private static final Set<String> LISTED = listed();

    private CommonPasswords() {}

    /** @param own words that belong to the person */
    static boolean contains(String password, String... own) {
        Set<String> words = new HashSet<>(WORDS);
        for (String phrase : own) {
            String lower = phrase.toLowerCase(Locale.ROOT);
            words.add(lower);
            words.addAll(Arrays.stream(lower.split("[^\\p{L}\\p{N}]+"))
                    .filter(word -> word.length() >= SHORTEST_OWN_WORD)
                    .toList());
        }
        String lower = password.toLowerCase(Locale.ROOT);
        return isFewParts(lower, words);
    }

    /** p4$$w0rd for password. */
    private static String withoutDisguise(String part) {
        String from = "4@8310!$57";
        String to = "aabeioisst";
        StringBuilder plain = new StringBuilder();
        for (char c : part.toCharArray()) {
            int at = from.indexOf(c);
            plain.append(at < 0 ? c : to.charAt(at));
        }
        return plain.toString();
    }

    /** The fewest parts that make up the password up to each place; signs are free, up to four digits are a part. */
    private static boolean isFewParts(String password, Set<String> words) {
        int length = password.length();
        int[] fewest = new int[length + 1];
        Arrays.fill(fewest, Integer.MAX_VALUE - 1);
        fewest[0] = 0;
        for (int from = 0; from < length; from++) {
            if (fewest[from] > FEW_PARTS) {
                continue;
            }
            for (int to = from + 1; to <= length; to++) {
                String part = password.substring(from, to);
                int cost = cost(part, words);
                if (cost >= 0) {
                    fewest[to] = Math.min(fewest[to], fewest[from] + cost);
                }
                // What stands there again costs nothing.
                for (int end = to; cost > 0 && password.startsWith(part, end); ) {
                    end += part.length();
                    fewest[end] = Math.min(fewest[end], fewest[from] + cost);
                }
            }
        }
        return fewest[length] <= FEW_PARTS || isRepetition(password);
    }

    /** @return 0 for filling, 1 for a word, a row or a year, 2 for one of the list, -1 for something else */
    private static int cost(String part, Set<String> words) {
        if (FILLING.matcher(part).matches()) {
            return 0;
        }
        if (YEAR.matcher(part).matches()
                || words.contains(part)
                || part.length() <= LONGEST_DISGUISED && words.contains(withoutDisguise(part))) {
            return 1;
        }
        boolean row = ROWS.stream().anyMatch(keys -> keys.contains(part))
                || part.chars().distinct().count() == 1;
        if (part.length() >= SHORTEST_ROW && row) {
            return 1;
        }
        boolean listed = part.length() >= SHORTEST_LISTED
                && part.length() <= LONGEST_LISTED
                && (LISTED.contains(part) || LISTED.contains(withoutDisguise(part)));
        return listed ? LISTED_COSTS : -1;
    }

    /** One piece of at most a third, again and again. */
    private static boolean isRepetition(String password) {
        for (int piece = 1; piece * 3 <= password.length(); piece++) {
            if (password.equals(password.substring(0, piece)
                    .repeat(password.length() / piece + 1)
                    .substring(0, password.length()))) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> listed() {
        return DictionaryUtil.loadRankedDictionary(DictionaryUtil.passwords).keySet().stream()
                .map(password -> password.toLowerCase(Locale.ROOT))
                .filter(password -> password.length() >= SHORTEST_LISTED)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> words() {
        try (InputStream in = Objects.requireNonNull(CommonPasswords.class.getResourceAsStream("common-words.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" ")))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
