@NullMarked
package com.cognitionos.audit.entity;

import org.jspecify.annotations.NullMarked;
