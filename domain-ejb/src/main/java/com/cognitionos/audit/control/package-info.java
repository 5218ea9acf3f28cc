@NullMarked
package com.cognitionos.audit.control;

import org.jspecify.annotations.NullMarked;
