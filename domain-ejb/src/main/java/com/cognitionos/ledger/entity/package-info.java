@NullMarked
package com.cognitionos.ledger.entity;

import org.jspecify.annotations.NullMarked;
