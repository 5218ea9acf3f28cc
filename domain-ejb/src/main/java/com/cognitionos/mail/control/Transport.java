package com.cognitionos.mail.control;

/** How mails leave. */
interface Transport {

    /** @throws Undeliverable with a reason that holds nothing of the letter */
    void send(Letter letter) throws Undeliverable;

    /** It did not go. */
    final class Undeliverable extends Exception {

        private static final long serialVersionUID = 1L;

        private final boolean forGood;

        Undeliverable(String reason, boolean forGood) {
            super(reason);
            this.forGood = forGood;
        }

        /** Whether there is no point in trying again. */
        boolean isForGood() {
            return forGood;
        }
    }
}
