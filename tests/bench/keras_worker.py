"""Trains one of the bench's networks with Keras as it is told to, a line of JSON a question, and times it."""

import json
import os
import sys
import time

THREADS = int(sys.argv[1])
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["OMP_NUM_THREADS"] = str(THREADS)
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(THREADS)
tf.config.threading.set_inter_op_parallelism_threads(THREADS)


class Adam(keras.optimizers.Adam):
    """Keras scales epsilon by the bias correction; the bench's formula, which is the paper's, does not."""

    def update_step(self, gradient, variable, learning_rate):
        step = tf.cast(self.iterations + 1, tf.float32)
        correction1 = 1 - tf.pow(self.beta_1, step)
        correction2 = 1 - tf.pow(self.beta_2, step)
        index = self._get_variable_index(variable)
        m, v = self._momentums[index], self._velocities[index]
        self.assign_add(m, (gradient - m) * (1 - self.beta_1))
        self.assign_add(v, (tf.square(gradient) - v) * (1 - self.beta_2))
        scale = tf.sqrt(v / correction2) + self.epsilon
        self.assign_sub(variable, learning_rate * (m / correction1) / scale)


def network(name):
    layers = keras.layers
    if name == "mlp":
        parts = [keras.Input((64,)), layers.Dense(128, activation="relu"), layers.Dense(10)]
    elif name == "cnn":
        parts = [
            keras.Input((32, 32, 3)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    else:
        parts = [keras.Input((40,), dtype="int32"), layers.Embedding(1000, 32), layers.LSTM(64)]
        parts.append(layers.Dense(1))
    return keras.Sequential(parts)


def read(folder, entry):
    return np.fromfile(os.path.join(folder, entry["file"]), "<f4").reshape(entry["shape"])


class Training:
    def __init__(self, name, folder):
        with open(os.path.join(folder, "inputs.json"), encoding="utf8") as file:
            inputs = json.load(file)
        self.model = network(name)
        self.model.set_weights([read(folder, entry) for entry in inputs["weights"]])
        kind = tf.int32 if name == "lstm" else tf.float32
        self.batches = [
            (tf.constant(read(folder, b["x"]), kind), tf.constant(read(folder, b["y"])))
            for b in inputs["batches"]
        ]
        self.optimizer = Adam(
            inputs["learningRate"], inputs["beta1"], inputs["beta2"], inputs["epsilon"]
        )
        self.optimizer.build(self.model.trainable_variables)
        self.done = 0
        self.last = None
        cross = (
            tf.nn.sigmoid_cross_entropy_with_logits
            if name == "lstm"
            else tf.nn.softmax_cross_entropy_with_logits
        )

        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(cross(labels=y, logits=self.model(x, training=True)))
            variables = self.model.trainable_variables
            self.optimizer.apply(tape.gradient(loss, variables), variables)
            return loss

        self.compiled = step

    def step(self):
        self.last = self.compiled(*self.batches[self.done % len(self.batches)])
        self.done += 1

    def loss(self):
        return float(self.last)


training = None
for line in sys.stdin:
    question = json.loads(line)
    answer = {}
    try:
        if question["ask"] == "open":
            training = Training(question["workload"], question["folder"])
            answer["versions"] = {"tensorflow": tf.__version__, "keras": keras.__version__}
        elif question["ask"] == "losses":
            losses = []
            for _ in range(question["steps"]):
                training.step()
                losses.append(training.loss())
            answer["losses"] = losses
        else:
            start = time.perf_counter()
            for _ in range(question["steps"]):
                training.step()
            answer = {"loss": training.loss(), "seconds": time.perf_counter() - start}
    except Exception as error:  # told to the bench, which names the workload
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
