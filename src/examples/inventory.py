"""A bakery orders for tomorrow: the mean of the demand is not the cheapest order, a quantile is (NumPy only)."""
import numpy as np

MISS, LEFT, DAYS, SPREAD, SOLD_ONLY, STEPS, SEED = 8.0, 2.0, 364, 0.25, False, 200, 1
TEST, WEEK, RATE = 280, 7, 0.03

# region data
# NumPy's generator: other days than in the browser.
random = np.random.default_rng(SEED)
count = WEEK + DAYS + TEST
weekday = np.arange(count) % 7
promotion = random.random(count) < 0.15
temperature = 20 + 8 * random.normal(size=count)
factors = np.array([0.8, 0.75, 0.8, 0.9, 1.2, 1.6, 1.3])
mean_demand = 30 * factors[weekday] * np.where(promotion, 1.5, 1) * np.exp(-0.015 * (temperature - 20))
shake = np.exp(SPREAD * random.normal(size=count) - SPREAD**2 / 2)  # what nobody knows
demand = random.poisson(mean_demand * shake).astype(float)
copied = np.concatenate([np.zeros(WEEK), demand[:-WEEK]])
recorded = np.minimum(demand, copied) if SOLD_ONLY else demand
inputs = np.column_stack([np.eye(7)[weekday], promotion, (temperature - 20) / 8])
first = WEEK + DAYS
X, y = inputs[WEEK:first], recorded[WEEK:first]
X_test, demands = inputs[first:], demand[first:]
# endregion


# region model
class Factors:  # exp of a sum: weekday, promotion and warmth multiply
    def __init__(self):
        self.w, self.m, self.v = np.zeros(10), np.zeros(10), np.zeros(10)
        self.w[-1] = np.log(20)

    def pieces(self, X):
        return np.exp(X @ self.w[:-1] + self.w[-1])

    def learn(self, slope, step):  # slope: of the loss by each predicted number; then Adam
        change = slope * self.pieces(X) / len(X)
        g = np.append(X.T @ change, change.sum())
        self.m = 0.9 * self.m + 0.1 * g
        self.v = 0.999 * self.v + 0.001 * g**2
        self.w -= RATE * self.m / (1 - 0.9**step) / (np.sqrt(self.v / (1 - 0.999**step)) + 1e-7)


mean, order = Factors(), Factors()
# endregion


# region train
def cost(orders):
    lack = demands - np.round(orders)
    return np.maximum(MISS * lack, -LEFT * lack).mean()


ratio = MISS / (MISS + LEFT)
for step in range(1, STEPS + 1):
    mean.learn(1 - y / mean.pieces(X), step)  # Poisson: rate − y ln rate
    order.learn(np.where(y > order.pieces(X), -ratio, 1 - ratio), step)  # quantile loss
    if step in (1, 20, 100, STEPS):
        print(f"step {step}: orderCost {cost(order.pieces(X_test)):.2f}, meanCost {cost(mean.pieces(X_test)):.2f}")
print(f"weekCost {cost(copied[first:]):.2f}")
# endregion
