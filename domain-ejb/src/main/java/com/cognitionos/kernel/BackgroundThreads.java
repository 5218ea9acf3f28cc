package com.cognitionos.kernel;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * For short work that requests wait for. It has threads of its own: a managed executor shares the pool of the requests,
 * where such work would queue behind those that wait for it.
 */
@ApplicationScoped
public class BackgroundThreads implements Executor {

    @Resource
    private ManagedThreadFactory factory;

    private ExecutorService threads;

    @PostConstruct
    void start() {
        threads = Executors.newCachedThreadPool(factory);
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }
}
