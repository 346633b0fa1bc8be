async def f(x):
    # TODO
    print(x)
